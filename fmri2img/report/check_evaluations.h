#pragma once

#include "fmri2img/reconstruction/results.h"

namespace fmri2img::report {

/// Whether the evaluations that lie in a results folder are of its own trials and pictures; a file of another run would
/// put figures of other pictures beside these.
/// Throws Error (mismatch) naming file, trial and picture.
void check_evaluations(const reconstruction::Results& results);

}  // namespace fmri2img::report
