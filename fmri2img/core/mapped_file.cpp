#include "fmri2img/core/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <map>
#include <mutex>

#include "fmri2img/core/check.h"

namespace fmri2img {
namespace {

/// First byte and length of every mapping that lives.
struct LiveMappings {
  std::mutex mutex;
  std::map<const std::byte*, size_t> sizes;
};

LiveMappings& live_mappings() {
  static auto* mappings = new LiveMappings;  // outlives tensors that static objects may hold
  return *mappings;
}

bool lies_in_mapping(const std::byte* begin, size_t bytes) {
  LiveMappings& live = live_mappings();
  const std::lock_guard lock(live.mutex);
  auto after = live.sizes.upper_bound(begin);
  if (after == live.sizes.begin()) return false;
  const auto& [first, size] = *--after;
  return begin + bytes <= first + size;
}

std::shared_ptr<const void> own_mapping(void* address, size_t size) {
  LiveMappings& live = live_mappings();
  const std::lock_guard lock(live.mutex);
  live.sizes.emplace(static_cast<const std::byte*>(address), size);
  return {address, [size](const void* mapped) {
            LiveMappings& all = live_mappings();
            {
              const std::lock_guard guard(all.mutex);
              all.sizes.erase(static_cast<const std::byte*>(mapped));
            }
            ::munmap(const_cast<void*>(mapped), size);
          }};
}

}  // namespace

MappedFile::MappedFile(const std::filesystem::path& path) : path_(path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  FMRI2IMG_CHECK(descriptor >= 0, "cannot open \"{}\": {}", path.string(), std::strerror(errno));
  struct stat status {};
  const bool is_file = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  const auto size = static_cast<size_t>(status.st_size);
  void* address = is_file && size > 0 ? ::mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0) : nullptr;
  const int reason = errno;
  ::close(descriptor);
  FMRI2IMG_CHECK(is_file, "cannot open \"{}\": it is not a file", path.string());
  FMRI2IMG_CHECK(address != MAP_FAILED, "cannot map \"{}\": {}", path.string(), std::strerror(reason));
  if (address == nullptr) return;
  mapping_ = own_mapping(address, size);
  bytes_ = {static_cast<const std::byte*>(address), size};
}

void forget_mapped_pages(const void* begin, size_t bytes) {
  const auto* first = static_cast<const std::byte*>(begin);
  if (!lies_in_mapping(first, bytes)) return;
  // Whole pages alone: those at the ends are shared with neighbours.
  const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  const uintptr_t start = (reinterpret_cast<uintptr_t>(first) + page - 1) / page * page;
  const uintptr_t end = reinterpret_cast<uintptr_t>(first + bytes) / page * page;
  if (start >= end) return;
  const std::byte* whole = first + (start - reinterpret_cast<uintptr_t>(first));
  ::madvise(const_cast<std::byte*>(whole), end - start, MADV_DONTNEED);
}

}  // namespace fmri2img
