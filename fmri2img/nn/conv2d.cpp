#include "fmri2img/nn/conv2d.h"

#include <ATen/ATen.h>

#include "fmri2img/nn/blocked.h"
#include "fmri2img/nn/differentiable_conv2d.h"
#include "fmri2img/nn/init.h"
#include "fmri2img/nn/packed_linear.h"
#include "fmri2img/nn/parameter.h"

namespace fmri2img::nn {

at::Tensor conv2d(
    const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias, int64_t stride, int64_t padding) {
  if (suits_differentiable_conv2d(input, weight, stride, padding)) return differentiable_conv2d(input, weight, bias);
  return at::conv2d(to_channels_last(input), weight, bias, stride, padding);
}

Conv2dImpl::Conv2dImpl(const Conv2dOptions& options_) : options(options_) {
  weight = register_parameter(
      "weight", new_parameter({options.out_channels, options.in_channels, options.kernel_size, options.kernel_size}));
  if (options.bias) bias = register_parameter("bias", new_parameter({options.out_channels}));
}

void Conv2dImpl::reset_parameters(const at::Generator& generator) {
  reset_layer_(weight, bias, generator);
}

at::Tensor Conv2dImpl::forward(const at::Tensor& input) {
  if (blocked) return blocked->forward(input);
  const bool half = weight.scalar_type() != at::kFloat;
  return conv2d(half ? input.to(weight.scalar_type()) : input, weight, bias, options.stride, options.padding);
}

at::Tensor Conv2dImpl::forward_tokens(const at::Tensor& tokens) {
  if (packed) return packed->forward(tokens);
  return at::linear(tokens.to(weight.scalar_type()), weight.flatten(1), bias);
}

at::ScalarType Conv2dImpl::token_dtype() const {
  return packed ? packed->dtype() : weight.scalar_type();
}

}  // namespace fmri2img::nn
