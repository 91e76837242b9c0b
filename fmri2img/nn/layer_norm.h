#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

namespace fmri2img::nn {

struct LayerNormOptions {
  int64_t width = 0;
  double eps = 1e-5;
};

/// Parameters as torch.nn.LayerNorm: `weight` and `bias`, [width].
/// Their memory is unset until `reset_parameters` or `load_weights`.
class LayerNormImpl : public torch::nn::Module {
 public:
  explicit LayerNormImpl(const LayerNormOptions& options);

  /// Ones and zeros; draws nothing.
  void reset_parameters();

  /// Shape: [..., width] -> the same.
  at::Tensor forward(const at::Tensor& input);

  LayerNormOptions options;
  at::Tensor weight;
  at::Tensor bias;
};
TORCH_MODULE(LayerNorm);

}  // namespace fmri2img::nn
