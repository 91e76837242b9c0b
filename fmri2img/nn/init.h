#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

namespace fmri2img::nn {

/// Initial weights, drawn as PyTorch's `torch.nn.init` draws them, but from a generator that the caller names:
/// LibTorch's own functions always use the global one. Equal generator states give PyTorch's values bit for bit. Every
/// function fills `tensor` in place and returns nothing; gradients are not recorded.

/// `fan_in` of a weight [out, in, ...]: in times the size of the kernel.
int64_t fan_in(const at::Tensor& weight);

/// Uniform in [-bound, bound] with bound = sqrt(6 / ((1 + a^2) fan_in)). PyTorch's layers use a = sqrt(5).
void kaiming_uniform_(at::Tensor tensor, double a, const at::Generator& generator);

/// Uniform in [-bound, bound] with bound = sqrt(6 / (fan_in + fan_out)).
void xavier_uniform_(at::Tensor tensor, const at::Generator& generator);

/// Normal with mean zero.
void normal_(at::Tensor tensor, double deviation, const at::Generator& generator);

/// Uniform in [low, high).
void uniform_(at::Tensor tensor, double low, double high, const at::Generator& generator);

/// What the constructors of torch.nn.Linear and torch.nn.Conv2d draw: the weight by `kaiming_uniform_` with a =
/// sqrt(5), then the bias, if defined, uniform in +-1 / sqrt(fan_in).
void reset_layer_(at::Tensor weight, at::Tensor bias, const at::Generator& generator);

}  // namespace fmri2img::nn
