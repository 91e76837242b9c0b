#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

namespace fmri2img::nn {

struct GroupNormOptions {
  int64_t groups = 0;
  int64_t channels = 0;
  double eps = 1e-5;
};

/// Parameters as torch.nn.GroupNorm: `weight` and `bias`, [channels].
/// Their memory is unset until `reset_parameters` or `load_weights`.
class GroupNormImpl : public torch::nn::Module {
 public:
  /// Throws Error if the groups do not divide the channels.
  explicit GroupNormImpl(const GroupNormOptions& options);

  /// Ones and zeros; draws nothing.
  void reset_parameters();

  /// Shape: [N, C, H, W] -> the same.
  at::Tensor forward(const at::Tensor& input);

  /// SiLU of `forward`, in one pass where the kernel can.
  at::Tensor forward_silu(const at::Tensor& input);

  GroupNormOptions options;
  at::Tensor weight;
  at::Tensor bias;
};
TORCH_MODULE(GroupNorm);

}  // namespace fmri2img::nn
