#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include "fmri2img/nn/conv2d.h"
#include "fmri2img/nn/group_norm.h"

namespace fmri2img::nn {

struct ResnetBlockOptions {
  int64_t in_channels = 0;
  int64_t out_channels = 0;
  int64_t groups = 32;
  double eps = 1e-6;
};

/// x + conv2(silu(norm2(conv1(silu(norm1(x)))))), with a 1x1 convolution of x where the channels change.
///
/// Names as in diffusers: `norm1`, `conv1`, `norm2`, `conv2`, `conv_shortcut`.
/// Source: diffusers.models.resnet.ResnetBlock2D without time embedding.
class ResnetBlockImpl : public torch::nn::Module {
 public:
  explicit ResnetBlockImpl(const ResnetBlockOptions& options);
  void reset_parameters(const at::Generator& generator);

  /// Shape: [N, in, H, W] -> [N, out, H, W].
  at::Tensor forward(const at::Tensor& input);

  GroupNorm norm1;
  Conv2d conv1;
  GroupNorm norm2;
  Conv2d conv2;
  Conv2d conv_shortcut;  ///< null where the channels stay
};
TORCH_MODULE(ResnetBlock);

}  // namespace fmri2img::nn
