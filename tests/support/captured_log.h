#pragma once

#include <string>
#include <vector>

#include "fmri2img/core/log.h"

namespace fmri2img::testing {

/// Collects the library's messages while it lives.
class CapturedLog {
 public:
  CapturedLog();
  ~CapturedLog();

  const std::vector<std::string>& warnings() const { return warnings_; }
  const std::vector<std::string>& infos() const { return infos_; }

  /// True if some message of either kind holds `part`.
  bool says(const std::string& part) const;

 private:
  std::vector<std::string> warnings_;
  std::vector<std::string> infos_;
  LogSink previous_;
};

}  // namespace fmri2img::testing
