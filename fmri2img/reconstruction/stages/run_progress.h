#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fmri2img/core/progress.h"

namespace fmri2img::reconstruction {

/// One stage of a run: items of about equal cost.
struct StagePlan {
  std::string name;   ///< "captions"
  int64_t items = 0;  ///< all of them
  int64_t done = 0;   ///< those that an earlier run finished
  int64_t cost = 1;   ///< expected, of one item, in a unit that all stages share
};

/// One line of progress, with the time left, over stages of unequal cost. One thread uses it.
class RunProgress {
 public:
  RunProgress(const std::string& what, std::vector<StagePlan> stages);

  /// `items` more of the stage are finished. REQUIRES: the plan has a stage of this name.
  void advance(const std::string& stage, int64_t items = 1);

 private:
  std::vector<StagePlan> stages_;
  Progress progress_;
};

}  // namespace fmri2img::reconstruction
