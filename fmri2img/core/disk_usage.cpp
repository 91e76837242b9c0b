#include "fmri2img/core/disk_usage.h"

#include <sys/stat.h>

#include <set>

namespace fmri2img {

int64_t bytes_below(const std::filesystem::path& folder) {
  std::set<ino_t> counted;
  int64_t bytes = 0;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, ignored)) {
    struct ::stat status {};
    if (::stat(entry.path().c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    if (counted.insert(status.st_ino).second) bytes += status.st_size;
  }
  return bytes;
}

}  // namespace fmri2img
