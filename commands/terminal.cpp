#include "commands/terminal.h"

#include <fmt/color.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>

#include "fmri2img/core/log.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/text.h"

namespace fmri2img::commands {
namespace {

using Clock = std::chrono::steady_clock;

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

/// Draws one job at a time; remembers only when it last drew.
class ProgressPrinter {
 public:
  explicit ProgressPrinter(bool terminal) : terminal_(terminal) {}

  void show(const ProgressState& state) {
    const auto now = Clock::now();
    const auto pause = terminal_ ? Clock::duration(kRedraw) : Clock::duration(kPlainLine);
    if (!state.finished && now - last_ < pause) return;
    last_ = now;
    if (terminal_) {
      fmt::print(stderr, "\r\x1b[K{}  {}  {}{}", state.what, bar(state), describe(state), state.finished ? "\n" : "");
    } else if (state.elapsed_s >= kWorthALine_s) {
      fmt::print(stderr, "{}: {}\n", state.what, describe(state));
    }
    std::fflush(stderr);
  }

 private:
  bool terminal_;
  Clock::time_point last_ = Clock::now();
};

}  // namespace

void show_messages_on_stderr(bool quiet) {
  const bool terminal = ::isatty(STDERR_FILENO) != 0;
  set_log_sink([quiet, terminal](LogLevel level, const std::string& message) {
    if (level == LogLevel::kInfo && quiet) return;
    const char* clear = terminal ? "\r\x1b[K" : "";
    fmt::print(stderr, "{}{}{}\n", clear, level == LogLevel::kWarning ? "warning: " : "", message);
  });
  if (quiet) return;
  set_progress_sink([printer = ProgressPrinter(terminal)](const ProgressState& state) mutable { printer.show(state); });
}

}  // namespace fmri2img::commands
