#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <memory>

namespace fmri2img::nn {

class PackedLinear;

struct LinearOptions {
  int64_t in_features = 0;
  int64_t out_features = 0;
  bool bias = true;
};

/// y = x W^T + b. Parameters as torch.nn.Linear: `weight` [out, in] and, with a bias, `bias` [out].
/// Their memory is unset until `reset_parameters` or `load_weights`.
class LinearImpl : public torch::nn::Module {
 public:
  explicit LinearImpl(const LinearOptions& options);

  /// Draws what PyTorch's constructor draws, in its order.
  void reset_parameters(const at::Generator& generator);

  /// Shape: [..., in] -> [..., out]. Where `prepare_for_inference` chose half precision, the input is converted.
  at::Tensor forward(const at::Tensor& input);

  /// The type that products are taken in.
  at::ScalarType dtype() const;

  LinearOptions options;
  at::Tensor weight;
  at::Tensor bias;  ///< undefined without a bias

  /// Takes over the forward pass where `prepare_for_inference` made it (`weight` is empty then); null in training.
  std::shared_ptr<PackedLinear> packed;
};
TORCH_MODULE(Linear);

}  // namespace fmri2img::nn
