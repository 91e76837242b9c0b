#include "commands/encode.h"

#include <fmt/format.h>

#include <filesystem>
#include <CLI/CLI.hpp>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/layout.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/training/encode_pictures.h"
#include "commands/codec_options.h"
#include "commands/common_options.h"

namespace fmri2img::commands {
namespace {

namespace fs = std::filesystem;

struct Encode {
  std::string subject;
  std::string out;
  std::vector<int64_t> size;
  bool overwrite = false;
  CodecModelOptions codec;
  ComputeOptions compute;

  void usage(CLI::App& app) {
    app.add_option("subject", subject, "The subject's folder")->required();
    codec.add_to(app);
    app.add_option("--size", size, "Side of the resized pictures, or height and width (default: the model's own)")
        ->expected(1, 2)
        ->check(CLI::Range(1, 8192));
    app.add_option("--out", out, "The .npy file (default: training_split/fMRI_VAE.npy in the subject's folder)");
    app.add_flag("--overwrite", overwrite, "Replace the file");
    compute.add_to(app);
    app.footer(
        "Beside the file comes its record (.json), by which reconstruct knows the autoencoder again.\n"
        "Run it again with the same options to go on after an interruption.\n"
        "Example: fmri2img encode subj01 --model stable-diffusion-v1-5 --sample --seed 42");
  }

  std::unique_ptr<models::LatentCodec> open_codec() const {
    if (size.empty()) return codec.open({}, compute.torch_device());
    auto opened = codec.open(std::pair(size.front(), size.back()), compute.torch_device());
    const models::PictureSize fitted = opened->picture_size();
    FMRI2IMG_CHECK_USAGE(
        fitted.height == size.front() && fitted.width == size.back(),
        "--size {} x {}: not multiples of the model's {} pixels a latent; the nearest below is {} x {}",
        size.front(),
        size.back(),
        fitted.height / opened->latent_shape().height,
        fitted.height,
        fitted.width);
    return opened;
  }

  void run() {
    compute.apply();
    const data::Subject opened = data::Subject::open(subject);
    const auto model = open_codec();
    const fs::path file = out.empty() ? data::latents_file(subject) : fs::path(out);
    FMRI2IMG_CHECK_USAGE(file.extension() == ".npy", "--out {}: expected a name that ends in .npy", file.string());
    const training::EncodeOutcome outcome = training::encode_pictures({.subject = opened,
                                                                       .codec = *model,
                                                                       .model = codec.model,
                                                                       .dtype = codec.dtype,
                                                                       .sample_seed = codec.sample_seed(),
                                                                       .file = file,
                                                                       .command_line = command_line(),
                                                                       .overwrite = overwrite});
    const models::LatentShape shape = model->latent_shape();
    fmt::print("{}{} latents of {} x {} x {} in {}\n",
               outcome == training::EncodeOutcome::kWasDoneAlready ? "nothing to do: " : "",
               format_count(opened.pictures(data::Partition::kTrain).size()),
               shape.channels,
               shape.height,
               shape.width,
               file.string());
  }
};

}  // namespace

Command encode() {
  return make_command<Encode>("encode", "Turn a subject's pictures into latents, the targets of training");
}

}  // namespace fmri2img::commands
