#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <span>

namespace fmri2img::diffusion {

/// One generator for a whole batch, or one for each of its samples, so that a sample does not depend on its neighbours.
using Generators = std::span<const at::Generator>;

/// Normal random numbers of the shape and on the device of `like`, float32.
///
/// Randomness: one generator: one draw of the whole shape. Several: one draw of [1, ...] from each, in order. Drawn on
/// the CPU. Source: randn_tensor, diffusers/utils/torch_utils.py.
/// REQUIRES: one generator, or as many as `like` has samples.
at::Tensor draw_noise(const at::Tensor& like, Generators generators);

}  // namespace fmri2img::diffusion
