#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace fmri2img::nn {

/// Group normalisation of a blocked map (`blocked.h`), then SiLU if asked for, each group while it is in the cache;
/// differentiable. Moments and the sums of the gradients are kept in double precision.
/// Shape: map blocked, float32; weight and bias [C]; `groups` divides C -> as the map.
/// Determinism: bit-identical for any number of threads.
at::Tensor blocked_group_norm(
    const at::Tensor& map, int64_t groups, const at::Tensor& weight, const at::Tensor& bias, double eps, bool silu);

}  // namespace fmri2img::nn
