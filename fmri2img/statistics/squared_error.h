#pragma once

#include <ATen/core/Tensor.h>

namespace fmri2img::statistics {

/// Mean squared difference of each row of `a` from the same row of `b`, in double precision.
///
/// Shape:
///   a, b:   [N, D] any type
///   return: [N] double
at::Tensor mean_squared_error_rows(const at::Tensor& a, const at::Tensor& b);

}  // namespace fmri2img::statistics
