#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace fmri2img {

/// One state of a running job, as shown to the user.
struct ProgressState {
  std::string what;  ///< "training the decoder"
  std::string unit;  ///< "steps"; "%": shown as a share of `total`, for work whose items are unequal
  std::string note;  ///< "loss .412, validation .655"; may be empty
  int64_t done = 0;
  int64_t total = 0;
  double elapsed_s = 0;
  double left_s = 0;  ///< estimated from this session's items; 0 until the first is done
  bool finished = false;
};

using ProgressSink = std::function<void(const ProgressState&)>;

/// Replaces the sink and returns the previous one. Without a sink progress is not shown.
ProgressSink set_progress_sink(ProgressSink sink);

/// Counts the items of one job and tells the sink. One thread uses it.
class Progress {
 public:
  /// `already_done` items were finished by an earlier run: they count as done, but not for the speed.
  Progress(std::string what, std::string unit, int64_t total, int64_t already_done = 0);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void advance(int64_t items = 1, std::string note = {});

 private:
  void publish();

  ProgressState state_;
  int64_t already_done_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace fmri2img
