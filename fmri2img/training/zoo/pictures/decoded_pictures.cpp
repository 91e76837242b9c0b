#include "fmri2img/training/zoo/pictures/decoded_pictures.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <fstream>

#include "fmri2img/core/check.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/layout.h"
#include "fmri2img/data/rows.h"
#include "fmri2img/data/split.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/decoding/decoder_folder.h"
#include "fmri2img/decoding/ridge/train_ridge.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/models/latent_codec.h"
#include "fmri2img/simulation/simulate_subject.h"
#include "fmri2img/training/encode_pictures.h"
#include "fmri2img/training/targets.h"
#include "fmri2img/training/train_mlp.h"
#include "fmri2img/training/zoo/scene_seeds.h"

namespace fmri2img::training {
namespace {

namespace fs = std::filesystem;
using data::Partition;

constexpr double kPracticeTrainFraction = 0.9;
constexpr uint64_t kPracticeSplitSeed = 700;
constexpr int64_t kDecodedTogether = 50;
constexpr const char* kDecodedFile = "decoded_pictures.npy";  // in a decoder's folder

data::Subject simulated(const fs::path& folder, const PracticeSubject& practice) {
  if (!fs::exists(data::responses_folder(folder, Partition::kTest))) {
    simulation::SubjectSettings settings{.subject = practice.number,
                                         .train = practice.train,
                                         .test = practice.test,
                                         .ncsnr = practice.ncsnr,
                                         .seed = kPracticeScenes + static_cast<uint64_t>(practice.number)};
    simulation::set_vertices(settings, practice.vertices);
    simulation::simulate_subject(folder, settings);
  }
  return data::Subject::open(folder);
}

void encode_training_pictures(const data::Subject& subject, models::LatentCodec& codec, const fs::path& vae) {
  encode_pictures({.subject = subject,
                   .codec = codec,
                   .model = vae.string(),
                   .dtype = "fp32",
                   .sample_seed = {},
                   .file = data::latents_file(subject.path()),
                   .command_line = {}});
}

/// A record of all training rows, with their latents.
std::pair<decoding::DecoderRecord, at::Tensor> prepare(const data::Subject& subject,
                                                       const std::string& roi,
                                                       bool validate) {
  decoding::DecoderRecord record;
  record.subject = subject.name();
  record.subject_fingerprint = subject.fingerprint();
  record.vertices = data::select_vertices(subject, roi);
  record.train_rows = data::all_rows(subject.num_rows(Partition::kTrain));
  if (validate) {
    data::Split split = data::random_split(record.train_rows, kPracticeTrainFraction, kPracticeSplitSeed);
    record.train_rows = std::move(split.train);
    record.validation_rows = std::move(split.validation);
  }
  std::vector<int64_t> rows = record.train_rows;
  rows.insert(rows.end(), record.validation_rows.begin(), record.validation_rows.end());
  Targets targets = load_targets(subject, "vae", rows);
  record.codec = std::move(targets.codec);
  record.latent_shape = targets.shape;
  return {std::move(record), std::move(targets.latents)};
}

std::unique_ptr<decoding::LatentDecoder> ridge_of(const data::Subject& subject,
                                                  const std::string& roi,
                                                  const fs::path& out) {
  if (!fs::exists(out / "config.json")) {
    fs::create_directories(out);
    auto [record, latents] = prepare(subject, roi, /*validate=*/false);
    decoding::train_ridge(subject, std::move(latents), {}, std::move(record), out);
  }
  return decoding::load_decoder(out);
}

std::unique_ptr<decoding::LatentDecoder> mlp_of(const data::Subject& subject, const fs::path& out) {
  if (!fs::exists(out / "config.json")) {
    fs::create_directories(out);
    auto [record, latents] = prepare(subject, "none", /*validate=*/true);
    const MlpTraining training = {.sizes = {.width = 256, .blocks = 2, .channels = {32, 32}},
                                  .options = {.epochs = 6, .max_learning_rate = 2e-3},
                                  .resume = true};
    train_mlp(subject, std::move(latents), training, std::move(record), out);
  }
  return decoding::load_decoder(out);
}

std::vector<std::string> captions_of(const data::Subject& subject) {
  const fs::path file = data::scenes_file(subject.path(), Partition::kTest);
  std::ifstream lines(file);
  std::vector<std::string> captions;
  for (std::string line; std::getline(lines, line);) {
    captions.push_back(parse_json(line, file.string()).at("text").get<std::string>());
  }
  return captions;
}

/// The subject's test pictures as a decoder sees them, uint8 [N, 3, side, side]: a view of `file`, which is made where
/// it is not there yet.
at::Tensor pictures_by(decoding::LatentDecoder& decoder,
                       const data::Subject& subject,
                       const data::VertexSelection& vertices,
                       models::LatentCodec& codec,
                       const fs::path& file) {
  if (!fs::exists(file)) {
    const at::NoGradGuard no_grad;
    const std::vector<int64_t> rows = data::all_rows(subject.num_rows(Partition::kTest));
    const at::Tensor responses = subject.responses(Partition::kTest).gather(rows, vertices.columns);
    std::vector<at::Tensor> pictures;
    for (const at::Tensor& part : responses.split(kDecodedTogether)) {
      stop_if_interrupted("run the same command again to go on");
      pictures.push_back(codec.decode(decoder.predict(part)).mul(255).round().to(at::kByte));
    }
    io::write_npy(file, at::cat(pictures));
  }
  return io::NpyFile(file).tensor();
}

class DecodedPictures : public CaptionedPictures {
 public:
  int64_t size() const override { return static_cast<int64_t>(captions_.size()); }
  int64_t side() const override { return pictures_.front().size(2); }
  std::string caption(int64_t row) const override { return captions_[static_cast<size_t>(row)]; }
  std::string description() const override {
    return fmt::format("{} pictures decoded from simulated responses", format_count(size()));
  }

  CaptionedBatch read(std::span<const int64_t> rows) const override {
    CaptionedBatch batch;
    std::vector<at::Tensor> chosen;
    for (const int64_t row : rows) {
      chosen.push_back(pictures_[static_cast<size_t>(row)]);
      batch.captions.push_back(captions_[static_cast<size_t>(row)]);
    }
    batch.pictures = at::stack(chosen);
    return batch;
  }

  void add(const at::Tensor& pictures, const std::vector<std::string>& captions) {
    for (const at::Tensor& picture : pictures.unbind()) pictures_.push_back(picture);
    captions_.insert(captions_.end(), captions.begin(), captions.end());
    FMRI2IMG_ASSERT(captions_.size() == pictures_.size());
  }

 private:
  std::vector<at::Tensor> pictures_;  // uint8 [3, side, side], in mapped files
  std::vector<std::string> captions_;
};

}  // namespace

std::unique_ptr<CaptionedPictures> decoded_pictures(const fs::path& folder,
                                                    std::span<const PracticeSubject> subjects,
                                                    const PracticeDecoders& decoders,
                                                    const fs::path& vae) {
  auto pictures = std::make_unique<DecodedPictures>();
  const auto codec = models::open_codec(vae);
  for (const PracticeSubject& practice : subjects) {
    const fs::path home = folder / fmt::format("subj{:02}", practice.number);
    log_info("practice subject {}: responses, latents, decoders", practice.number);
    const data::Subject subject = simulated(home, practice);
    encode_training_pictures(subject, *codec, vae);
    const std::vector<std::string> captions = captions_of(subject);
    const auto add = [&](const fs::path& folder_of_decoder, const std::string& roi, const auto& load) {
      const fs::path file = folder_of_decoder / kDecodedFile;
      const auto decoder = load(folder_of_decoder);
      pictures->add(pictures_by(*decoder, subject, data::select_vertices(subject, roi), *codec, file), captions);
    };
    for (const std::string& roi : decoders.ridge) {
      add(home / "decoders" / fmt::format("ridge-{}", roi), roi, [&](const fs::path& out) {
        return ridge_of(subject, roi, out);
      });
    }
    if (decoders.mlp) add(home / "decoders/mlp", "none", [&](const fs::path& out) { return mlp_of(subject, out); });
  }
  return pictures;
}

}  // namespace fmri2img::training
