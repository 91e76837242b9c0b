#pragma once

#include <span>
#include <string>

#include "fmri2img/reconstruction/results.h"

namespace fmri2img::report {

/// What was run and on what, from the runs' manifests: command, times, settings, and what was read with its hash.
std::string provenance_section(std::span<const reconstruction::Results> results);

}  // namespace fmri2img::report
