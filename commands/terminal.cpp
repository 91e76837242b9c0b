#include "commands/terminal.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

#include "fmri2img/core/log.h"
#include "fmri2img/core/progress.h"
#include "commands/progress_lines.h"

namespace fmri2img::commands {

void show_messages_on_stderr(bool quiet) {
  const bool terminal = ::isatty(STDERR_FILENO) != 0;
  set_log_sink([quiet, terminal](LogLevel level, const std::string& message) {
    if (level == LogLevel::kInfo && quiet) return;
    const char* clear = terminal ? "\r\x1b[K" : "";
    fmt::print(stderr, "{}{}{}\n", clear, level == LogLevel::kWarning ? "warning: " : "", message);
  });
  if (quiet) return;
  using Clock = std::chrono::steady_clock;
  set_progress_sink([lines = ProgressLines(terminal, Clock::now())](const ProgressState& state) mutable {
    fmt::print(stderr, "{}", lines.next(state, Clock::now()));
    std::fflush(stderr);
  });
}

}  // namespace fmri2img::commands
