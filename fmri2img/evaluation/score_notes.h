#pragma once

#include <vector>

#include "fmri2img/evaluation/evaluate.h"
#include "fmri2img/reconstruction/results.h"

namespace fmri2img::evaluation {

/// Adds what the figures themselves call for: images that were trained on, scores that are not defined for some, and
/// another number of images than the protocol's publications have.
void add_score_notes(Evaluation& evaluation);

/// Adds which pictures were brought to another size before they were compared, by us or by whoever wrote the results.
///
///   rows: of the trials that were scored, with their targets
void add_size_notes(Evaluation& evaluation,
                    const reconstruction::Results& results,
                    const std::vector<reconstruction::ResultRow>& rows);

}  // namespace fmri2img::evaluation
