#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include "fmri2img/nn/conv2d.h"

namespace fmri2img::nn {

/// Each pixel repeated 2 x 2. Shape: [N, C, H, W] -> [N, C, 2H, 2W].
at::Tensor upsample_nearest_2x(const at::Tensor& input);

/// Nearest-neighbour enlargement by two, then a 3x3 convolution `conv`. Source: diffusers' Upsample2D.
class UpsampleImpl : public torch::nn::Module {
 public:
  explicit UpsampleImpl(int64_t channels);
  void reset_parameters(const at::Generator& generator) { conv->reset_parameters(generator); }
  at::Tensor forward(const at::Tensor& input);

  Conv2d conv;
};
TORCH_MODULE(Upsample);

/// A 3x3 convolution `conv` with stride two, padded by one row below and one column to the right, as the autoencoder's
/// encoder was trained. Source: diffusers' Downsample2D with padding 0.
class DownsampleImpl : public torch::nn::Module {
 public:
  explicit DownsampleImpl(int64_t channels);
  void reset_parameters(const at::Generator& generator) { conv->reset_parameters(generator); }
  at::Tensor forward(const at::Tensor& input);

  Conv2d conv;
};
TORCH_MODULE(Downsample);

}  // namespace fmri2img::nn
