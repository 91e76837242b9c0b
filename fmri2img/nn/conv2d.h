#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <memory>

namespace fmri2img::nn {

class BlockedConv2d;
class PackedLinear;

struct Conv2dOptions {
  int64_t in_channels = 0;
  int64_t out_channels = 0;
  int64_t kernel_size = 3;
  int64_t stride = 1;
  int64_t padding = 1;  ///< zeros on each of the four sides
  bool bias = true;
  bool tokens_only = false;  ///< a 1x1 convolution that meets tokens alone (`forward_tokens`)
};

/// Convolution with the fastest exact kernel for these sizes; differentiable. An undefined `bias` is none.
/// Shape: input [N, C, H, W], weight [D, C, k, k] -> [N, D, H', W'].
at::Tensor conv2d(
    const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias, int64_t stride, int64_t padding);

/// Parameters as torch.nn.Conv2d: `weight` [out, in, k, k] and, with a bias, `bias` [out].
/// Their memory is unset until `reset_parameters` or `load_weights`.
class Conv2dImpl : public torch::nn::Module {
 public:
  explicit Conv2dImpl(const Conv2dOptions& options);

  /// Draws what PyTorch's constructor draws, in its order.
  void reset_parameters(const at::Generator& generator);

  /// Where `prepare_for_inference` chose half precision, the input is converted.
  at::Tensor forward(const at::Tensor& input);

  /// A 1x1 convolution of a map that has become tokens. Shape: [..., in] -> [..., out].
  at::Tensor forward_tokens(const at::Tensor& tokens);

  /// The type that products of tokens are taken in.
  at::ScalarType token_dtype() const;

  Conv2dOptions options;
  at::Tensor weight;
  at::Tensor bias;  ///< undefined without a bias

  /// Takes over the forward pass where `prepare_for_inference` made it; null in training.
  std::shared_ptr<BlockedConv2d> blocked;
  std::shared_ptr<PackedLinear> packed;  ///< likewise, of `forward_tokens`
};
TORCH_MODULE(Conv2d);

}  // namespace fmri2img::nn
