#include "fmri2img/nn/init.h"

#include <ATen/ATen.h>

#include <cmath>

namespace fmri2img::nn {

int64_t fan_in(const at::Tensor& weight) {
  return weight.numel() / weight.size(0);
}

void normal_(at::Tensor tensor, double deviation, const at::Generator& generator) {
  const at::NoGradGuard no_grad;
  tensor.normal_(0, deviation, generator);
}

void uniform_(at::Tensor tensor, double low, double high, const at::Generator& generator) {
  const at::NoGradGuard no_grad;
  tensor.uniform_(low, high, generator);
}

void kaiming_uniform_(at::Tensor tensor, double a, const at::Generator& generator) {
  // Operation for operation as in torch.nn.init, so that the bound rounds alike.
  const double gain = std::sqrt(2.0 / (1 + a * a));
  const double deviation = gain / std::sqrt(static_cast<double>(fan_in(tensor)));
  const double bound = std::sqrt(3.0) * deviation;
  uniform_(std::move(tensor), -bound, bound, generator);
}

void xavier_uniform_(at::Tensor tensor, const at::Generator& generator) {
  const int64_t fan_out = tensor.numel() / tensor.size(1);
  const double deviation = std::sqrt(2.0 / static_cast<double>(fan_in(tensor) + fan_out));
  const double bound = std::sqrt(3.0) * deviation;
  uniform_(std::move(tensor), -bound, bound, generator);
}

void reset_layer_(at::Tensor weight, at::Tensor bias, const at::Generator& generator) {
  kaiming_uniform_(weight, std::sqrt(5.0), generator);
  if (!bias.defined()) return;
  const double bound = 1 / std::sqrt(static_cast<double>(fan_in(weight)));
  uniform_(std::move(bias), -bound, bound, generator);
}

}  // namespace fmri2img::nn
