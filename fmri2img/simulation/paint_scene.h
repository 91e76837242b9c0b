#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "fmri2img/simulation/canvas.h"
#include "fmri2img/simulation/scene.h"

namespace fmri2img::simulation {

/// Draws a scene with `side` x `side` pixels, anti-aliased by signed distances. The same scene at another size is the
/// same picture; equal arguments give equal pixels.
Canvas paint_scene(const Scene& scene, int64_t side);

/// As 8-bit RGB, rounded: uint8 [side, side, 3].
at::Tensor to_picture(const Canvas& canvas);

}  // namespace fmri2img::simulation
