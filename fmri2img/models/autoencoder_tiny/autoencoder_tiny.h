#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/pimpl.h>

#include <string>

#include "fmri2img/io/state_dict.h"
#include "fmri2img/models/autoencoder_tiny/options.h"

namespace fmri2img::models {

/// ReLU(x + conv(x)) with three 3x3 convolutions `conv.{0,2,4}`; with group normalisation, x + pool(x) goes in, where
/// `pool.{0,1,3}` are a 1x1 convolution to four times the channels, a normalisation in four groups, and a 1x1
/// convolution back.
/// Source: madebyollin/taesd, class Block; diffusers' AutoencoderTinyBlock without the pool.
class TinyBlockImpl : public torch::nn::Module {
 public:
  TinyBlockImpl(int64_t channels, bool group_norm);

  /// Shape: [N, C, H, W] -> the same.
  at::Tensor forward(const at::Tensor& input);

  torch::nn::Sequential conv;
  torch::nn::Sequential pool{nullptr};  ///< null without group normalisation
};
TORCH_MODULE(TinyBlock);

/// One half: a plain sequence `layers`, numbered as diffusers numbers it.
class TinyHalfImpl : public torch::nn::Module {
 public:
  TinyHalfImpl() { register_module("layers", layers); }
  at::Tensor forward(const at::Tensor& input);

  torch::nn::Sequential layers;
};
TORCH_MODULE(TinyHalf);

/// A small autoencoder distilled from a large one: pictures in [0, 1] <-> latents at the scale that diffusion uses.
///
/// Names as in diffusers: `encoder.layers.N`, `decoder.layers.N`. The weights' memory is unset until they are loaded.
/// Source: madebyollin/taesd, taesd.py; diffusers.AutoencoderTiny. Differs from the latter: pictures are in [0, 1] on
/// both sides, as their author has them.
class AutoencoderTinyImpl : public torch::nn::Module {
 public:
  explicit AutoencoderTinyImpl(const AutoencoderTinyOptions& options);

  /// Shape: [N, 3, H, W] -> [N, C, H / f, W / f]. REQUIRES: f divides H and W.
  at::Tensor encode(const at::Tensor& pictures) { return encoder(pictures); }

  /// Shape: [N, C, h, w] -> [N, 3, h f, w f], about [0, 1]. Latents beyond +-3 saturate.
  at::Tensor decode(const at::Tensor& latents);

  TinyHalf encoder;
  TinyHalf decoder;
};
TORCH_MODULE(AutoencoderTiny);

/// The two files of the author as one state dict with the names of AutoencoderTiny. His decoder begins with the
/// saturation, so that its layers are numbered one higher.
io::StateDict join_tiny_halves(const io::StateDict& encoder, const io::StateDict& decoder, const std::string& where);

}  // namespace fmri2img::models
