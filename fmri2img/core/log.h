#pragma once

#include <fmt/format.h>

#include <functional>
#include <string>
#include <utility>

namespace fmri2img {

enum class LogLevel { kInfo, kWarning };

/// Receives every message of the library. Called from any thread, one call at a time.
using LogSink = std::function<void(LogLevel, const std::string&)>;

/// Replaces the sink and returns the previous one. Without a sink messages are dropped: the library never prints.
LogSink set_log_sink(LogSink sink);

void log_message(LogLevel level, const std::string& message);

/// What the program is doing, where that is not obvious from its progress bar.
template <class... Args> void log_info(fmt::format_string<Args...> format, Args&&... args) {
  log_message(LogLevel::kInfo, fmt::format(format, std::forward<Args>(args)...));
}

/// Something odd but usable. Warnings are rare; each says what was done about it.
template <class... Args> void log_warning(fmt::format_string<Args...> format, Args&&... args) {
  log_message(LogLevel::kWarning, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace fmri2img
