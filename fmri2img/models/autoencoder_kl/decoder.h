#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/pimpl.h>

#include "fmri2img/models/autoencoder_kl/mid_block.h"
#include "fmri2img/models/autoencoder_kl/options.h"
#include "fmri2img/nn/conv2d.h"
#include "fmri2img/nn/group_norm.h"

namespace fmri2img::models {

/// Residual blocks of one resolution, then (but for the finest) a doubling: `resnets.N`, `upsamplers.0.conv`.
/// Source: diffusers' UpDecoderBlock2D. `step` counts from the coarsest resolution.
class UpBlockImpl : public torch::nn::Module {
 public:
  UpBlockImpl(const HalfOptions& options, size_t step);
  void reset_parameters(const at::Generator& generator);
  at::Tensor forward(const at::Tensor& input);

  torch::nn::ModuleList resnets;
  torch::nn::ModuleList upsamplers{nullptr};  ///< null in the last block
};
TORCH_MODULE(UpBlock);

/// Latents -> picture: the decoder half of the Stable Diffusion autoencoder, usable alone (the voxel decoder ends in
/// one).
///
/// Names as in diffusers: `conv_in`, `up_blocks.N`, `mid_block`, `conv_norm_out`, `conv_out`, and in their order.
/// Source: diffusers.models.autoencoders.vae.Decoder with group normalisation.
class DecoderImpl : public torch::nn::Module {
 public:
  explicit DecoderImpl(const HalfOptions& options);

  /// Draws what the constructor of the Python class draws, in its order: the middle before the up blocks.
  void reset_parameters(const at::Generator& generator);

  /// Shape: [N, in_channels, h, w] -> [N, out_channels, h f, w f] with f = 2^(number of blocks - 1).
  at::Tensor forward(const at::Tensor& input);

  nn::Conv2d conv_in{nullptr};
  torch::nn::ModuleList up_blocks;
  MidBlock mid_block{nullptr};
  nn::GroupNorm conv_norm_out{nullptr};
  nn::Conv2d conv_out{nullptr};
};
TORCH_MODULE(Decoder);

}  // namespace fmri2img::models
