#pragma once

#include <string>
#include <string_view>

namespace fmri2img::report {

/// How a score is called and written.
struct ScoreName {
  std::string key;    ///< in evaluation.json
  std::string title;  ///< at the head of a column
  bool percent = false;
  bool higher_is_better = true;
  int rank = 1000;  ///< place among the columns; scores without a place of their own come last
};

/// Unknown keys are called after themselves, with spaces.
ScoreName score_name(std::string_view key);

/// "0.412", or "85.7 %".
std::string show_score(const ScoreName& name, double value);

}  // namespace fmri2img::report
