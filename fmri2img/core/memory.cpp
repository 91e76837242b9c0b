#include "fmri2img/core/memory.h"

#include <malloc.h>
#include <sys/resource.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"

namespace fmri2img {
namespace {

int64_t first_number(const char* path) {
  std::ifstream file(path);
  int64_t value = -1;
  return file >> value ? value : -1;
}

int64_t machine_available() {
  std::ifstream file("/proc/meminfo");
  std::string key;
  int64_t kilobytes = 0;
  std::string unit;
  while (file >> key >> kilobytes >> unit) {
    if (key == "MemAvailable:") return kilobytes * 1024;
  }
  return std::numeric_limits<int64_t>::max();
}

}  // namespace

void keep_freed_memory() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
  mallopt(M_TOP_PAD, 256 << 20);
}

void release_freed_memory() {
  malloc_trim(0);
}

int64_t available_memory() {
  int64_t available = machine_available();
  const int64_t limit = first_number("/sys/fs/cgroup/memory.max");
  const int64_t used = first_number("/sys/fs/cgroup/memory.current");
  if (limit >= 0 && used >= 0) available = std::min(available, std::max<int64_t>(limit - used, 0));
  return available;
}

int64_t peak_memory() {
  struct rusage usage {};
  getrusage(RUSAGE_SELF, &usage);
  return int64_t{usage.ru_maxrss} * 1024;
}

void require_memory(int64_t bytes, std::string_view what, std::string_view way_out) {
  const int64_t available = available_memory();
  if (bytes <= available) return;
  fail(ErrorKind::kFailed,
       "{} needs about {} of memory, and {} are available: {}",
       what,
       format_bytes(bytes),
       format_bytes(available),
       way_out);
}

}  // namespace fmri2img
