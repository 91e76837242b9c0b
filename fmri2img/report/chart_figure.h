#pragma once

#include <string>

#include "fmri2img/findings/finding.h"

namespace fmri2img::report {

/// A chart as a figure of the page: a drawing that needs no script, and the numbers from which the page's script makes
/// one that answers to the pointer (page/src/charts.js). `id` is unique on the page, and the name of saved files.
std::string chart_figure(const findings::Chart& chart, const std::string& id);

}  // namespace fmri2img::report
