#include "fmri2img/training/zoo/practice.h"

#include <array>

#include "fmri2img/training/zoo/pictures/decoded_pictures.h"

namespace fmri2img::training {
namespace {

namespace fs = std::filesystem;

// From hardly any signal to a good scanner's, from the demo's number of vertices to that of a region of a real subject,
// and from the demo's number of training pictures to nearly all of a real subject's: decoders of few pictures differ
// from brain to brain by their own noise, those of many by little.
constexpr std::array<PracticeSubject, 4> kPractice = {{{.number = 1, .vertices = 600, .train = 3000, .ncsnr = 0.5},
                                                       {.number = 2, .vertices = 2400, .train = 9000, .ncsnr = 0.35},
                                                       {.number = 3, .vertices = 1200, .train = 9000, .ncsnr = 0.7},
                                                       {.number = 5, .vertices = 2400, .train = 9000, .ncsnr = 0.5}}};
// A subject of the vertices and the noise that `simulate` gives it, with as many training pictures as NSD's. Its
// pictures are not trained on.
constexpr std::array<PracticeSubject, 1> kExaminedSubject = {{{.number = 4, .train = 9000, .test = 500}}};

std::unique_ptr<CaptionedPictures> decode(const ZooJob& job,
                                          std::span<const PracticeSubject> subjects,
                                          const PracticeDecoders& decoders,
                                          const char* learner) {
  const fs::path vae = job.out / "stable-diffusion/vae";
  require_trained(vae, "vae", learner);
  return decoded_pictures(job.out / "training/practice", subjects, decoders, vae);
}

}  // namespace

std::unique_ptr<CaptionedPictures> practice_pictures(const ZooJob& job, const char* learner) {
  return decode(job, kPractice, {.mlp = true}, learner);
}

std::unique_ptr<CaptionedPictures> examined_pictures(const ZooJob& job, const std::string& roi, const char* learner) {
  return decode(job, kExaminedSubject, {.ridge = {roi}}, learner);
}

}  // namespace fmri2img::training
