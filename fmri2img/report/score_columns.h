#pragma once

#include <set>
#include <string>
#include <vector>

#include "fmri2img/report/score_names.h"

namespace fmri2img::report {

/// The columns of a table of these scores, in the field's order.
std::vector<ScoreName> score_columns(const std::set<std::string>& keys);

/// The `thead` of a table whose lines have names: titles, and which direction is better.
std::string score_head(const std::vector<ScoreName>& columns);

/// A line of the table that holds for those below it.
std::string group_row(const std::vector<ScoreName>& columns, const std::string& title);

}  // namespace fmri2img::report
