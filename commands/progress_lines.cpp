#include "commands/progress_lines.h"

#include <fmt/format.h>

#include "fmri2img/core/text.h"

namespace fmri2img::commands {
namespace {

constexpr int kBarCells = 24;
constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr auto kPlainLine = std::chrono::seconds(10);
constexpr double kWorthALine_s = 1;  // shorter jobs leave no trace in a log file

std::string bar(const ProgressState& state) {
  const int filled = state.total > 0 ? static_cast<int>(state.done * kBarCells / state.total) : kBarCells;
  std::string cells;
  for (int i = 0; i < kBarCells; ++i) cells += i < filled ? "█" : "░";
  return cells;
}

std::string describe(const ProgressState& state) {
  std::string text = state.unit == "%"
                         ? fmt::format("{} %", state.total > 0 ? state.done * 100 / state.total : 100)
                         : fmt::format("{}/{} {}", format_count(state.done), format_count(state.total), state.unit);
  if (state.finished)
    text += ", " + format_duration(state.elapsed_s);
  else if (state.left_s > 0)
    text += ", " + format_duration(state.left_s) + " left";
  if (!state.note.empty()) text += ", " + state.note;
  return text;
}

}  // namespace

std::string ProgressLines::next(const ProgressState& state, Time now) {
  if (!state.finished) {
    // The last item's line is left to the job's end, which says the same and how long it took.
    const bool ends = !terminal_ && state.total > 0 && state.done >= state.total;
    const auto pause = terminal_ ? Time::duration(kRedraw) : Time::duration(kPlainLine);
    if (ends || now - last_ < pause) return "";
  }
  last_ = now;
  if (terminal_)
    return fmt::format("\r\x1b[K{}  {}  {}{}", state.what, bar(state), describe(state), state.finished ? "\n" : "");
  return state.elapsed_s >= kWorthALine_s ? fmt::format("{}: {}\n", state.what, describe(state)) : "";
}

}  // namespace fmri2img::commands
