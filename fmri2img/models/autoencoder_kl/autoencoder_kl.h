#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <filesystem>

#include "fmri2img/models/autoencoder_kl/decoder.h"
#include "fmri2img/models/autoencoder_kl/encoder.h"
#include "fmri2img/models/autoencoder_kl/options.h"
#include "fmri2img/models/model_source.h"
#include "fmri2img/nn/conv2d.h"

namespace fmri2img::models {

/// The variational autoencoder of Stable Diffusion: pictures in [-1, 1] <-> latents, not yet scaled.
///
/// Names as in diffusers: `encoder`, `decoder`, `quant_conv`, `post_quant_conv` (null where the options say so).
/// Source: diffusers.AutoencoderKL. Pictures are taken whole, never in tiles.
class AutoencoderKLImpl : public torch::nn::Module {
 public:
  explicit AutoencoderKLImpl(const AutoencoderKLOptions& options);

  /// Draws what the constructor of the Python class draws, in its order.
  void reset_parameters(const at::Generator& generator);

  /// Mean and logarithm of the variance of each latent.
  /// Shape: [N, 3, H, W] -> [N, 2 C, H / f, W / f]. REQUIRES: f divides H and W.
  at::Tensor encode(const at::Tensor& pictures);

  /// Shape: [N, C, h, w] -> [N, 3, h f, w f], about [-1, 1].
  at::Tensor decode(const at::Tensor& latents);

  Encoder encoder{nullptr};
  Decoder decoder{nullptr};
  nn::Conv2d quant_conv{nullptr};
  nn::Conv2d post_quant_conv{nullptr};
};
TORCH_MODULE(AutoencoderKL);

struct LoadedAutoencoderKL {
  AutoencoderKL model;
  AutoencoderKLOptions options;
};

/// The `config.json` and the weights of a diffusers folder. Throws Error naming file and key.
ModelSource<AutoencoderKLOptions> read_autoencoder_kl_source(const std::filesystem::path& folder);

/// The autoencoder of a diffusers folder (`config.json` and weights), for inference: its weights look into the mapped
/// file, in the type that they have there, until `prepare_for_inference`. Strict, but for
/// what early releases of diffusers wrote: attention names query, key, value and proj_attn, and the weights of these as
/// 1x1 convolutions [C, C, 1, 1]. Throws Error naming the file and the key or tensor.
LoadedAutoencoderKL read_autoencoder_kl(const std::filesystem::path& folder);

/// Shape: moments [N, 2 C, h, w], as `encode` gives them -> [N, C, h, w] float32.
at::Tensor posterior_mean(const at::Tensor& moments);

/// mean + deviation * e. Randomness: e is one draw of [N, C, h, w] float32 normal numbers from `generator`, which gives
/// diffusers' sample for an equal generator. Source: diffusers' DiagonalGaussianDistribution, which keeps the logarithm
/// of the variance in [-30, 20].
at::Tensor sample_posterior(const at::Tensor& moments, at::Generator generator);

}  // namespace fmri2img::models
