#pragma once

#include "fmri2img/simulation/canvas.h"
#include "fmri2img/simulation/scene.h"

namespace fmri2img::simulation {

/// Paints one thing and its shadow.
void paint_thing(const Thing& thing, Canvas& canvas);

}  // namespace fmri2img::simulation
