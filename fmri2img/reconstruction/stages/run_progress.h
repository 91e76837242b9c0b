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

  /// Items under way came nearer to their end by `cost` in all: shown at once, and taken off when they are finished.
  /// What is more than the stage still has to do is not counted. REQUIRES: as `advance`.
  void advance_within(const std::string& stage, int64_t cost);

 private:
  StagePlan& find(const std::string& stage);
  void show(const StagePlan& stage, int64_t cost);

  std::vector<StagePlan> stages_;
  int64_t begun_ = 0;  ///< cost of unfinished items that is shown already
  Progress progress_;
};

}  // namespace fmri2img::reconstruction
