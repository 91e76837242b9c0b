#include "fmri2img/models/tiny_codec.h"

#include <ATen/ATen.h>

#include "fmri2img/nn/inference.h"
#include "fmri2img/nn/load_weights.h"

namespace fmri2img::models {

TinyCodec::TinyCodec(const AutoencoderTinyOptions& model_options,
                     const io::StateDict& weights,
                     const std::string& where,
                     const CodecOptions& options)
    : model_(model_options) {
  frame_ = {.name = "tiny",
            .scaling_factor = model_options.scaling_factor,
            .shift_factor = model_options.shift_factor,
            .dtype = options.dtype};
  set_sizes(frame_, options, std::nullopt, model_options.latent_channels, model_options.factor());
  nn::load_weights(*model_, weights, where);
  frame_.fingerprint = weights_fingerprint(*model_);
  nn::prepare_for_inference(*model_, frame_.dtype);
}

std::unique_ptr<TinyCodec> TinyCodec::from_diffusers(const std::filesystem::path& folder, const CodecOptions& options) {
  const std::filesystem::path config = folder / "config.json";
  const auto model_options =
      AutoencoderTinyOptions::from_json(read_json(config), fmt::format("\"{}\"", config.string()));
  return std::unique_ptr<TinyCodec>(
      new TinyCodec(model_options, read_diffusers_weights(folder), fmt::format("\"{}\"", folder.string()), options));
}

std::unique_ptr<TinyCodec> TinyCodec::from_files(const std::filesystem::path& encoder,
                                                 const std::filesystem::path& decoder,
                                                 const CodecOptions& options) {
  const std::string where = fmt::format("\"{}\" with \"{}\"", encoder.string(), decoder.filename().string());
  const io::StateDict encoder_tensors = io::read_state_dict(encoder);
  const auto model_options =
      AutoencoderTinyOptions::from_encoder(encoder_tensors, fmt::format("\"{}\"", encoder.string()));
  const io::StateDict weights = join_tiny_halves(encoder_tensors, io::read_state_dict(decoder), where);
  return std::unique_ptr<TinyCodec>(new TinyCodec(model_options, weights, where, options));
}

at::Tensor TinyCodec::encode(const at::Tensor& pictures, std::optional<at::Generator>) {
  const at::NoGradGuard no_grad;
  return frame_.scale(frame_.in_pieces(
      pictures, [&](const at::Tensor& piece) { return model_->encode(frame_.fit(piece).to(frame_.dtype)); }));
}

at::Tensor TinyCodec::decode(const at::Tensor& latents) {
  const at::NoGradGuard no_grad;
  return frame_.in_pieces(latents, [&](const at::Tensor& piece) {
    return model_->decode(frame_.unscale(piece).to(frame_.dtype)).to(at::kFloat).clamp(0, 1);
  });
}

}  // namespace fmri2img::models
