#pragma once

#include <ATen/core/Tensor.h>

namespace fmri2img::decoding {

/// The z-scoring of responses that a decoder was fitted with: mean and standard deviation of each vertex over its
/// training rows. Vertices that do not vary there become zero, so they never act.
struct Standardisation {
  at::Tensor mean;           ///< [V] float32
  at::Tensor inverse_scale;  ///< [V] float32: 1 / standard deviation (of the population, n), 0 for constant vertices

  /// Computed in double precision, in blocks of vertices. Throws Error naming the first vertex that holds a NaN or an
  /// infinity. `responses` is [n, V] float32.
  static Standardisation fit(const at::Tensor& responses);

  /// [n, V] -> [n, V], a new tensor.
  at::Tensor apply(const at::Tensor& responses) const;

  void apply_in_place(at::Tensor& responses) const;
};

}  // namespace fmri2img::decoding
