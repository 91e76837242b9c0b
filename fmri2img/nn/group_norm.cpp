#include "fmri2img/nn/group_norm.h"

#include <ATen/ATen.h>

#include "fmri2img/core/check.h"
#include "fmri2img/nn/blocked.h"
#include "fmri2img/nn/blocked_group_norm.h"
#include "fmri2img/nn/parameter.h"

namespace fmri2img::nn {

GroupNormImpl::GroupNormImpl(const GroupNormOptions& options_) : options(options_) {
  FMRI2IMG_CHECK(options.groups > 0 && options.channels % options.groups == 0,
                 "group normalisation: {} channels cannot be split into {} equal groups",
                 options.channels,
                 options.groups);
  weight = register_parameter("weight", new_parameter({options.channels}));
  bias = register_parameter("bias", new_parameter({options.channels}));
}

void GroupNormImpl::reset_parameters() {
  const at::NoGradGuard no_grad;
  weight.fill_(1);
  bias.fill_(0);
}

at::Tensor GroupNormImpl::forward(const at::Tensor& input) {
  if (is_blocked(input)) return blocked_group_norm(input, options.groups, weight, bias, options.eps, /*silu=*/false);
  if (input.scalar_type() == weight.scalar_type() || input.device().is_cpu())
    return at::group_norm(input, options.groups, weight, bias, options.eps);
  return at::group_norm(input.to(weight.scalar_type()), options.groups, weight, bias, options.eps)
      .to(input.scalar_type());
}

at::Tensor GroupNormImpl::forward_silu(const at::Tensor& input) {
  if (is_blocked(input)) return blocked_group_norm(input, options.groups, weight, bias, options.eps, /*silu=*/true);
  return at::silu(forward(input));
}

}  // namespace fmri2img::nn
