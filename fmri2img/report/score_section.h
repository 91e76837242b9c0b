#pragma once

#include <span>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"
#include "fmri2img/reconstruction/results.h"

namespace fmri2img::report {

/// Up to four scores in large figures, with intervals and chance; empty where `evaluate` has not run.
std::string headline_figures(const std::vector<Json>& evaluations);

/// One table an evaluation, then the published rows of other protocols, a table each: figures of different protocols
/// never share a column.
std::string score_section(std::span<const reconstruction::Results> results);

}  // namespace fmri2img::report
