#include "fmri2img/core/progress.h"

#include <utility>

namespace fmri2img {
namespace {

ProgressSink progress_sink;

}  // namespace

ProgressSink set_progress_sink(ProgressSink sink) {
  return std::exchange(progress_sink, std::move(sink));
}

Progress::Progress(std::string what, std::string unit, int64_t total, int64_t already_done)
    : already_done_(already_done), start_(std::chrono::steady_clock::now()) {
  state_.what = std::move(what);
  state_.unit = std::move(unit);
  state_.total = total;
  state_.done = already_done;
  publish();
}

Progress::~Progress() {
  state_.finished = true;
  publish();
}

void Progress::advance(int64_t items, std::string note) {
  state_.done += items;
  if (!note.empty()) state_.note = std::move(note);
  publish();
}

void Progress::publish() {
  state_.elapsed_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  const auto here = static_cast<double>(state_.done - already_done_);
  state_.left_s = here > 0 ? state_.elapsed_s / here * static_cast<double>(state_.total - state_.done) : 0;
  if (progress_sink) progress_sink(state_);
}

}  // namespace fmri2img
