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

/// Residual blocks of one resolution, then (but for the coarsest) a halving: `resnets.N`, `downsamplers.0.conv`.
/// Source: diffusers' DownEncoderBlock2D.
class DownBlockImpl : public torch::nn::Module {
 public:
  DownBlockImpl(const HalfOptions& options, size_t level);
  void reset_parameters(const at::Generator& generator);
  at::Tensor forward(const at::Tensor& input);

  torch::nn::ModuleList resnets;
  torch::nn::ModuleList downsamplers{nullptr};  ///< null in the last block
};
TORCH_MODULE(DownBlock);

/// Picture -> moments of the latents: the encoder half of the Stable Diffusion autoencoder, usable alone.
///
/// Names as in diffusers: `conv_in`, `down_blocks.N`, `mid_block`, `conv_norm_out`, `conv_out`.
/// Source: diffusers.models.autoencoders.vae.Encoder with double_z.
class EncoderImpl : public torch::nn::Module {
 public:
  explicit EncoderImpl(const HalfOptions& options);

  /// Draws what the constructor of the Python class draws, in its order.
  void reset_parameters(const at::Generator& generator);

  /// Shape: [N, in_channels, H, W] -> [N, 2 * out_channels, H / f, W / f] with f = 2^(number of blocks - 1).
  at::Tensor forward(const at::Tensor& input);

  nn::Conv2d conv_in{nullptr};
  torch::nn::ModuleList down_blocks;
  MidBlock mid_block{nullptr};
  nn::GroupNorm conv_norm_out{nullptr};
  nn::Conv2d conv_out{nullptr};
};
TORCH_MODULE(Encoder);

}  // namespace fmri2img::models
