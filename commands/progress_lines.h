#pragma once

#include <chrono>
#include <string>

#include "fmri2img/core/progress.h"

namespace fmri2img::commands {

/// What to print for each state of the running jobs: a bar that is drawn anew on a terminal; elsewhere a plain line
/// every ten seconds and one at a job's end, none for jobs shorter than a second. Remembers only when it last drew.
class ProgressLines {
 public:
  using Time = std::chrono::steady_clock::time_point;

  ProgressLines(bool terminal, Time now) : terminal_(terminal), last_(now) {}

  /// With its line breaks; empty where nothing is due.
  std::string next(const ProgressState& state, Time now);

 private:
  bool terminal_;
  Time last_;
};

}  // namespace fmri2img::commands
