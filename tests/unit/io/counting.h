#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

namespace fmri2img::io {

/// 0, 1, 2 ... in index order, as tools/parity/io_arrays.py writes it: imaginary parts are the negative of the real
/// ones, bools alternate.
inline at::Tensor counting(at::ScalarType type, at::IntArrayRef shape) {
  const at::Tensor count = at::arange(c10::multiply_integers(shape), at::kDouble).reshape(shape);
  if (type == at::kBool) return count.remainder(2).eq(1);
  return c10::isComplexType(type) ? at::complex(count, 0 - count).to(type) : count.to(type);
}

/// The same type, shape and values. (Kernels for comparing do not exist for every unsigned type.)
inline void expect_same(const at::Tensor& found, const at::Tensor& expected) {
  ASSERT_EQ(found.scalar_type(), expected.scalar_type());
  ASSERT_EQ(found.sizes(), expected.sizes());
  const at::ScalarType wide = found.is_complex() ? at::kComplexDouble : at::kDouble;
  EXPECT_TRUE(at::equal(found.to(wide), expected.to(wide)));
}

}  // namespace fmri2img::io
