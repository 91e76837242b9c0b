#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

namespace fmri2img::nn {

struct EmbeddingOptions {
  int64_t count = 0;
  int64_t width = 0;
};

/// A row of numbers for each id. Parameters as torch.nn.Embedding: `weight` [count, width].
/// Its memory is unset until `reset_parameters` or `load_weights`.
class EmbeddingImpl : public torch::nn::Module {
 public:
  explicit EmbeddingImpl(const EmbeddingOptions& options);

  /// Normal numbers times `deviation`.
  void reset_parameters(const at::Generator& generator, double deviation = 1);

  /// Shape: ids [...] int64 -> [..., width].
  /// REQUIRES: ids in [0, count).
  at::Tensor forward(const at::Tensor& ids);

  EmbeddingOptions options;
  at::Tensor weight;
};
TORCH_MODULE(Embedding);

}  // namespace fmri2img::nn
