#pragma once

#include <string>

#include "fmri2img/statistics/bootstrap.h"

namespace fmri2img::statistics {

/// "0.602 [0.557, 0.641]" for "{:.3f}", the format of one number; the mean alone where the interval has no width, as
/// that of a single value.
std::string interval_text(const Interval& interval, const char* number);

}  // namespace fmri2img::statistics
