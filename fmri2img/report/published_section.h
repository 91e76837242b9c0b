#pragma once

#include <set>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"
#include "fmri2img/report/published_rows.h"
#include "fmri2img/report/score_names.h"

namespace fmri2img::report {

/// The published groups that share columns with an evaluation: of its preset, which it follows to the letter, and of as
/// many images.
std::vector<PublishedGroup> comparable_groups(const Json& evaluation);

/// Names of the scores that the group has.
std::set<std::string> score_keys(const PublishedGroup& group);

/// A table row each, with method and source; a dash where a publication has no figure.
std::string published_lines(const PublishedGroup& group, const std::vector<ScoreName>& columns);

/// A table for each group that stands in no evaluation's own. Those of a preset that some evaluation has are open, and
/// say how it differs; the others are folded away.
std::string published_tables(const std::vector<Json>& evaluations);

}  // namespace fmri2img::report
