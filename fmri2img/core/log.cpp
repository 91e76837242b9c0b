#include "fmri2img/core/log.h"

#include <mutex>

namespace fmri2img {
namespace {

std::mutex log_mutex;
LogSink log_sink;

}  // namespace

LogSink set_log_sink(LogSink sink) {
  const std::lock_guard lock(log_mutex);
  return std::exchange(log_sink, std::move(sink));
}

void log_message(LogLevel level, const std::string& message) {
  const std::lock_guard lock(log_mutex);
  if (log_sink) log_sink(level, message);
}

}  // namespace fmri2img
