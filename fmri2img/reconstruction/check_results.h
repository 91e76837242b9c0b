#pragma once

#include "fmri2img/reconstruction/results.h"

namespace fmri2img::reconstruction {

/// Whether the table of a results folder is whole, as `reconstruct` left it: every trial once for each model, as many
/// rows as its manifest counts, and a row for every target that lies there. A copy that lost a line, or holds a picture
/// of another run, would give figures of other trials than it says.
/// Throws Error naming the trial that is missing, repeated or extra.
void check_results(const Results& results);

}  // namespace fmri2img::reconstruction
