#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <string>

#include "fmri2img/models/vision/named_weights.h"

namespace fmri2img::models {

struct FrozenConvOptions {
  int64_t in_channels = 0;
  int64_t out_channels = 0;
  std::array<int64_t, 2> kernel = {1, 1};  ///< height, width
  int64_t stride = 1;
  std::array<int64_t, 2> padding = {0, 0};  ///< zeros above and below, left and right
  int64_t groups = 1;
};

/// A convolution that is never trained again, for networks that only measure pictures.
class FrozenConv {
 public:
  /// Takes `name`.weight and `name`.bias.
  static FrozenConv with_bias(NamedWeights& weights, const std::string& name, const FrozenConvOptions& options);

  /// Takes `name`.weight and the batch normalisation `norm` after it, as it is in evaluation, and makes one convolution
  /// of both.
  static FrozenConv with_norm(NamedWeights& weights,
                              const std::string& name,
                              const std::string& norm,
                              const FrozenConvOptions& options,
                              double eps);

  /// Shape: [N, C, H, W] -> [N, D, H', W'], channels_last.
  at::Tensor operator()(const at::Tensor& input) const;

  /// The same, negative values set to zero.
  at::Tensor rectified(const at::Tensor& input) const;

 private:
  at::Tensor weight_, bias_;
  FrozenConvOptions options_;
};

/// Largest value of each `side` x `side` window, a window every two positions.
at::Tensor pool_by_two(const at::Tensor& map, int64_t side, bool ceil_mode = false);

}  // namespace fmri2img::models
