#pragma once

#include <string>
#include <vector>

#include "fmri2img/reconstruction/results.h"

namespace fmri2img::report {

/// The decoders of a run, without the candidate that is made of their average.
std::vector<std::string> decoder_names(const reconstruction::Results& run);

}  // namespace fmri2img::report
