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
  return at::layer_norm(input, {options.width}, weight, bias, options.eps);
}

}  // namespace fmri2img::nn
