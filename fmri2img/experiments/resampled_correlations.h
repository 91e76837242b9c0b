#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace fmri2img::experiments {

/// Bootstrap over pictures: Pearson correlations over `resamples` draws of as many pictures with replacement, the same
/// draws for every vertex, since vertices share the pictures and their noise.
///
/// Shape: a, b [n, V], pictures x vertices -> [resamples, V] float32; 0 where a vertex does not vary among the drawn.
/// Randomness: PyTorch's CPU generator from `seed`.
at::Tensor resampled_correlations(const at::Tensor& a, const at::Tensor& b, int64_t resamples, uint64_t seed);

}  // namespace fmri2img::experiments
