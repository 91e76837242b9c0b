#pragma once

#include "fmri2img/core/json.h"
#include "fmri2img/simulation/scene.h"

namespace fmri2img::simulation {

/// What a scene shows, for people and scripts: `text` (its caption), `place`, `horizon`, and `things`, the front one
/// first, each with `kind`, `hue`, `size`, `x`, `y`, `scale`. Canvas coordinates, rounded to four decimals.
Json scene_record(const Scene& scene);

}  // namespace fmri2img::simulation
