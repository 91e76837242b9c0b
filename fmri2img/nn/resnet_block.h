#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include "fmri2img/nn/conv2d.h"
#include "fmri2img/nn/group_norm.h"
#include "fmri2img/nn/linear.h"

namespace fmri2img::nn {

struct ResnetBlockOptions {
  int64_t in_channels = 0;
  int64_t out_channels = 0;
  int64_t groups = 32;
  double eps = 1e-6;
  int64_t time_channels = 0;  ///< of the time embedding; 0: the block takes none
};

/// x + conv2(silu(norm2(conv1(silu(norm1(x)))))), with a 1x1 convolution of x where the channels change.
///
/// With a time embedding t, `time_emb_proj` of it is added to the output of conv1, the same at every position.
///
/// Names as in diffusers: `norm1`, `conv1`, `time_emb_proj`, `norm2`, `conv2`, `conv_shortcut`.
/// Source: diffusers.models.resnet.ResnetBlock2D, which takes SiLU of t here and not before.
class ResnetBlockImpl : public torch::nn::Module {
 public:
  explicit ResnetBlockImpl(const ResnetBlockOptions& options);
  void reset_parameters(const at::Generator& generator);

  /// Shape: input [N, in, H, W], activated_time [1 or N, time_channels] (SiLU of t) -> [N, out, H, W].
  at::Tensor forward(const at::Tensor& input, const at::Tensor& activated_time = {});

  GroupNorm norm1;
  Conv2d conv1;
  Linear time_emb_proj;  ///< null without a time embedding
  GroupNorm norm2;
  Conv2d conv2;
  Conv2d conv_shortcut;  ///< null where the channels stay
};
TORCH_MODULE(ResnetBlock);

}  // namespace fmri2img::nn
