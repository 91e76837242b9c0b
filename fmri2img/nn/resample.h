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

  /// Enlarged to this size instead, which is about twice the input's.
  at::Tensor forward_to(const at::Tensor& input, int64_t height, int64_t width);

  Conv2d conv;
};
TORCH_MODULE(Upsample);

/// A 3x3 convolution `conv` with stride two. Source: diffusers' Downsample2D.
class DownsampleImpl : public torch::nn::Module {
 public:
  enum class Padding {
    kBelowAndRight,  ///< by one row and one column of zeros: the autoencoder's encoder
    kSymmetric,      ///< by one on each side: the UNet
  };

  explicit DownsampleImpl(int64_t channels, Padding padding = Padding::kBelowAndRight);
  void reset_parameters(const at::Generator& generator) { conv->reset_parameters(generator); }
  at::Tensor forward(const at::Tensor& input);

  Conv2d conv;
};
TORCH_MODULE(Downsample);

}  // namespace fmri2img::nn
