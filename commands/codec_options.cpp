#include "commands/codec_options.h"

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>

#include "fmri2img/model_checks/zoo_hashes.h"
#include "commands/common_options.h"

namespace fmri2img::commands {

void CodecModelOptions::add_to(CLI::App& app) {
  app.add_option("--model",
                 model,
                 "Folder of the autoencoder: a diffusers VAE, a Stable Diffusion folder (its vae), or one with "
                 "tae*_encoder.pth and tae*_decoder.pth")
      ->required();
  add_dtype(app, dtype, "convolutions and products");
  CLI::Option* sampled = app.add_flag("--sample", sample, "A sample of the posterior (default: its mean)");
  app.add_option("--seed", seed, "Seed of --sample")->check(not_negative())->needs(sampled)->capture_default_str();
}

std::unique_ptr<models::LatentCodec> CodecModelOptions::open(std::optional<std::pair<int64_t, int64_t>> size,
                                                             at::Device device) const {
  model_checks::require_unaltered(model);
  return models::open_codec(model, {.picture_size = size, .dtype = parse_dtype(dtype, device), .device = device});
}

}  // namespace fmri2img::commands
