#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace fmri2img::statistics {

/// What the numbers of an array are like. Minimum, maximum, mean and deviation are over the finite ones, in double
/// precision, and NaN where there are none.
struct ArraySummary {
  int64_t count = 0;
  int64_t nan = 0;
  int64_t infinite = 0;
  double minimum;
  double maximum;
  double mean;
  double deviation;  ///< divided by the number of finite values
};

/// One pass in pieces of 32 MB, so that a mapped file may be larger than memory. Any real type, any strides.
/// REQUIRES: `array` is not complex.
ArraySummary summarise(const at::Tensor& array);

}  // namespace fmri2img::statistics
