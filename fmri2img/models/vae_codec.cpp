#include "fmri2img/models/vae_codec.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include "fmri2img/core/memory.h"
#include "fmri2img/models/autoencoder_kl/memory.h"
#include "fmri2img/nn/inference.h"

namespace fmri2img::models {

VaeCodec::VaeCodec(const std::filesystem::path& folder, const CodecOptions& options) {
  const auto [model, model_options] = read_autoencoder_kl(folder);
  model_ = model;
  frame_ = {.name = "vae",
            .scaling_factor = model_options.scaling_factor,
            .shift_factor = model_options.shift_factor,
            .dtype = options.dtype,
            .device = options.device};
  set_sizes(frame_, options, model_options.sample_size, model_options.latent_channels, model_options.factor());
  const PictureSize& size = frame_.picture_size;
  if (options.device.is_cpu()) {
    require_memory(autoencoder_bytes(model_options, options.dtype, size.height, size.width),
                   fmt::format("the autoencoder of \"{}\" at {} x {} pixels", folder.string(), size.width, size.height),
                   "choose a smaller --size, or --dtype bf16");
  }
  frame_.fingerprint = weights_fingerprint(*model_);
  nn::prepare_for_inference(*model_, {.dtype = frame_.dtype, .device = frame_.device});
}

at::Tensor VaeCodec::encode(const at::Tensor& pictures, std::optional<at::Generator> sample) {
  const at::NoGradGuard no_grad;
  const at::Tensor moments = frame_.in_pieces(pictures, [&](const at::Tensor& piece) {
    return model_->encode(frame_.fit(piece).mul(2).sub(1).to(frame_.device, frame_.dtype));
  });
  return frame_.scale(sample ? sample_posterior(moments, *sample) : posterior_mean(moments));
}

at::Tensor VaeCodec::decode(const at::Tensor& latents) {
  const at::NoGradGuard no_grad;
  return frame_.in_pieces(latents, [&](const at::Tensor& piece) {
    return model_->decode(frame_.unscale(piece).to(frame_.device, frame_.dtype))
        .to(at::kFloat)
        .div(2)
        .add(0.5)
        .clamp(0, 1);
  });
}

}  // namespace fmri2img::models
