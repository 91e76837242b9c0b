#pragma once

#include <string>

#include "fmri2img/core/json.h"

namespace fmri2img::report {

/// One evaluation: what was scored, everything else that the run made, the baselines, and the published rows that
/// compare with it; below, what belongs to the table, and its pixel correlations and CLIP identifications as bars.
///
///   run: stands before the title where several are shown; may be empty
///   id: of the charts, unique on the page
std::string evaluation_table(const Json& evaluation, const std::string& run, const std::string& id);

}  // namespace fmri2img::report
