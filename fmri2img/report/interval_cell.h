#pragma once

#include <functional>
#include <string>

#include "fmri2img/core/json.h"

namespace fmri2img::report {

/// A table cell of a score's "mean", with "low" and "high" beside it in small print; the mean alone where these are
/// null or have no width.
std::string interval_cell(const Json& score, const std::function<std::string(double)>& show);

}  // namespace fmri2img::report
