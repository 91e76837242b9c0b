#include "fmri2img/models/tiny_codec.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/nn/inference.h"
#include "fmri2img/nn/load_weights.h"

namespace fmri2img::models {

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> tiny_files(const fs::path& folder, const std::string& ending) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("tae") && name.ends_with(ending)) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

ModelSource<AutoencoderTinyOptions> read_halves(const fs::path& folder) {
  const std::vector<fs::path> encoders = tiny_files(folder, "_encoder.pth");
  const std::vector<fs::path> decoders = tiny_files(folder, "_decoder.pth");
  FMRI2IMG_CHECK(!encoders.empty() || !decoders.empty(),
                 "\"{}\" is not the folder of an autoencoder: expected config.json with diffusion_pytorch_model.*, a "
                 "Stable Diffusion folder with vae/, or tae*_encoder.pth and tae*_decoder.pth",
                 folder.string());
  FMRI2IMG_CHECK(encoders.size() == 1 && decoders.size() == 1,
                 "\"{}\" holds {} tae*_encoder.pth and {} tae*_decoder.pth; expected one of each: put the two files of "
                 "one model into a folder of their own",
                 folder.string(),
                 encoders.size(),
                 decoders.size());
  const std::string where = fmt::format("\"{}\" with \"{}\"", encoders[0].string(), decoders[0].filename().string());
  const auto file_of = [encoder = encoders[0], decoder = decoders[0]](const std::string& name) {
    return name.starts_with("encoder.") ? encoder : decoder;
  };
  const io::StateDict encoder = io::read_state_dict(encoders[0]);
  return {.options = AutoencoderTinyOptions::from_encoder(encoder, fmt::format("\"{}\"", encoders[0].string())),
          .weights = {join_tiny_halves(encoder, io::read_state_dict(decoders[0]), where), file_of},
          .rules = {.naming = "TAESD's halves, by the names of diffusers"}};
}

}  // namespace

ModelSource<AutoencoderTinyOptions> read_autoencoder_tiny_source(const fs::path& folder) {
  const fs::path config = folder / "config.json";
  if (!fs::exists(config)) return read_halves(folder);
  return {.options = AutoencoderTinyOptions::from_json(read_json(config), fmt::format("\"{}\"", config.string())),
          .weights = read_diffusers_weights(folder)};
}

TinyCodec::TinyCodec(const ModelSource<AutoencoderTinyOptions>& source, const CodecOptions& options)
    : model_(source.options) {
  frame_ = {.name = "tiny",
            .scaling_factor = source.options.scaling_factor,
            .shift_factor = source.options.shift_factor,
            .dtype = options.dtype,
            .device = options.device};
  set_sizes(frame_, options, std::nullopt, source.options.latent_channels, source.options.factor());
  nn::load_weights(*model_, source.weights, source.rules);
  frame_.fingerprint = weights_fingerprint(*model_);
  nn::prepare_for_inference(*model_, {.dtype = frame_.dtype, .device = frame_.device});
}

at::Tensor TinyCodec::encode(const at::Tensor& pictures, std::optional<at::Generator>) {
  const at::NoGradGuard no_grad;
  return frame_.scale(frame_.in_pieces(pictures, [&](const at::Tensor& piece) {
    return model_->encode(frame_.fit(piece).to(frame_.device, frame_.dtype));
  }));
}

at::Tensor TinyCodec::decode(const at::Tensor& latents) {
  const at::NoGradGuard no_grad;
  return frame_.in_pieces(latents, [&](const at::Tensor& piece) {
    return model_->decode(frame_.unscale(piece).to(frame_.device, frame_.dtype)).to(at::kFloat).clamp(0, 1);
  });
}

}  // namespace fmri2img::models
