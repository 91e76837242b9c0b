#include "fmri2img/nn/linear.h"

#include <ATen/ATen.h>

#include "fmri2img/nn/init.h"
#include "fmri2img/nn/packed_linear.h"
#include "fmri2img/nn/parameter.h"

namespace fmri2img::nn {

LinearImpl::LinearImpl(const LinearOptions& options_) : options(options_) {
  weight = register_parameter("weight", new_parameter({options.out_features, options.in_features}));
  if (options.bias) bias = register_parameter("bias", new_parameter({options.out_features}));
}

void LinearImpl::reset_parameters(const at::Generator& generator) {
  reset_layer_(weight, bias, generator);
}

at::Tensor LinearImpl::forward(const at::Tensor& input) {
  if (packed) return packed->forward(input);
  const bool half = weight.scalar_type() != at::kFloat;
  return at::linear(half ? input.to(weight.scalar_type()) : input, weight, bias);
}

at::ScalarType LinearImpl::dtype() const {
  return packed ? packed->dtype() : weight.scalar_type();
}

}  // namespace fmri2img::nn
