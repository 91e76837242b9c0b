#pragma once

#include <cstdint>

#include "fmri2img/reconstruction/results.h"

namespace fmri2img::report {

inline constexpr const char* kGridFile = "grid.png";

/// Writes grid.png into the results folder: each target above its reconstructions, one a model, or, where there was a
/// vote, above the chosen model's low-level picture and high-level image; the first `most` trials.
void write_results_grid(const reconstruction::Results& results, int64_t most = 40);

}  // namespace fmri2img::report
