#include "fmri2img/nn/layer_norm.h"

#include <ATen/ATen.h>

namespace fmri2img::nn {

LayerNormImpl::LayerNormImpl(const LayerNormOptions& options_) : options(options_) {
  weight = register_parameter("weight", at::empty({options.width}));
  bias = register_parameter("bias", at::empty({options.width}));
}

void LayerNormImpl::reset_parameters() {
  const at::NoGradGuard no_grad;
  weight.fill_(1);
  bias.fill_(0);
}

at::Tensor LayerNormImpl::forward(const at::Tensor& input) {
  const auto normalise = [&](const at::Tensor& x) {
    return at::layer_norm(x, {options.width}, weight, bias, options.eps);
  };
  // Only processors have kernels that mix the types.
  if (input.is_cpu() || input.scalar_type() == weight.scalar_type()) return normalise(input);
  return normalise(input.to(weight.scalar_type())).to(input.scalar_type());
}

}  // namespace fmri2img::nn
