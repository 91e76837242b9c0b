#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace fmri2img::decoding {

/// The directions in which the targets vary most: their mean and principal components.
struct TargetComponents {
  at::Tensor mean;   ///< [D] float32
  at::Tensor basis;  ///< [c, D] float32, orthonormal rows, largest variance first; undefined: the targets themselves

  /// At most `count` components, fewer where the targets vary in fewer directions; 0 keeps the targets themselves.
  /// The smaller of the two Gram matrices is decomposed. `targets` is [n, D].
  static TargetComponents fit(const at::Tensor& targets, int64_t count);

  /// Components of a prediction: c, or D without a basis.
  int64_t size() const { return basis.defined() ? basis.size(0) : mean.size(0); }

  at::Tensor scores(const at::Tensor& targets) const;  ///< [n, D] -> [n, size()], centred
  at::Tensor targets(const at::Tensor& scores) const;  ///< [n, size()] -> [n, D]

  /// The first `count` components only. REQUIRES: there is a basis.
  TargetComponents first(int64_t count) const;
};

}  // namespace fmri2img::decoding
