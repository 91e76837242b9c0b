#include "tests/support/captured_log.h"

#include <algorithm>

namespace fmri2img::testing {

CapturedLog::CapturedLog() {
  previous_ = set_log_sink([this](LogLevel level, const std::string& message) {
    (level == LogLevel::kWarning ? warnings_ : infos_).push_back(message);
  });
}

CapturedLog::~CapturedLog() {
  set_log_sink(std::move(previous_));
}

bool CapturedLog::says(const std::string& part) const {
  const auto holds = [&](const std::string& message) { return message.find(part) != std::string::npos; };
  return std::any_of(warnings_.begin(), warnings_.end(), holds) || std::any_of(infos_.begin(), infos_.end(), holds);
}

}  // namespace fmri2img::testing
