#include "fmri2img/core/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "fmri2img/core/check.h"

namespace fmri2img {

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
  mapping_ = std::shared_ptr<const void>(address, [size](const void* p) { ::munmap(const_cast<void*>(p), size); });
  bytes_ = {static_cast<const std::byte*>(address), size};
}

}  // namespace fmri2img
