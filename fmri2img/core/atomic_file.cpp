#include "fmri2img/core/atomic_file.h"

#include <fcntl.h>
#include <fmt/std.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

#include "fmri2img/core/check.h"
#include "fmri2img/core/half_written.h"
#include "fmri2img/core/text.h"

namespace fmri2img {
namespace fs = std::filesystem;

AtomicFile::AtomicFile(fs::path path) : path_(std::move(path)) {
  temporary_ = half_written_name(path_);
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail_with_errno("create");
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  std::error_code ignored;
  fs::remove(temporary_, ignored);
}

void AtomicFile::write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_with_errno("write");
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
}

void AtomicFile::write(std::string_view text) {
  write(std::as_bytes(std::span(text)));
}

void AtomicFile::write_at(int64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(descriptor_, bytes.data(), bytes.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_with_errno("write");
    offset += written;
    bytes = bytes.subspan(static_cast<size_t>(written));
  }
}

void AtomicFile::commit() {
  if (::fsync(descriptor_) != 0) fail_with_errno("flush");
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail_with_errno("rename the finished file to");
  ::close(descriptor_);
  descriptor_ = -1;
}

void AtomicFile::fail_with_errno(std::string_view action) const {
  const int reason = errno;
  const bool no_room = reason == ENOSPC || reason == EDQUOT || reason == EFBIG;
  fail(ErrorKind::kFailed,
       "cannot {} \"{}\": {}{}",
       action,
       path_.string(),
       std::strerror(reason),
       no_room ? " (nothing that was there before has changed: make room and run the command again)" : "");
}

void write_file(const fs::path& path, std::string_view content) {
  AtomicFile file(path);
  file.write(content);
  file.commit();
}

std::string read_file(const fs::path& path, int64_t limit) {
  std::error_code error;
  const auto size = fs::file_size(path, error);
  FMRI2IMG_CHECK(!error, "cannot read \"{}\": {}", path.string(), error.message());
  FMRI2IMG_CHECK(size <= static_cast<uintmax_t>(limit),
                 "\"{}\" has {} bytes, at most {} were expected",
                 path.string(),
                 size,
                 limit);
  std::string content(size, '\0');
  std::ifstream stream(path, std::ios::binary);
  stream.read(content.data(), static_cast<std::streamsize>(size));
  FMRI2IMG_CHECK(stream, "cannot read \"{}\": got {} of its {} bytes", path.string(), stream.gcount(), size);
  return content;
}

void require_disk_space(const fs::path& folder, int64_t bytes, std::string_view what) {
  std::error_code error;
  fs::path existing = fs::absolute(folder);
  while (!fs::exists(existing) && existing.has_parent_path()) existing = existing.parent_path();
  const fs::space_info space = fs::space(existing, error);
  if (error) return;  // a file system that does not tell: writing will
  if (space.available < static_cast<uintmax_t>(bytes)) {
    fail(ErrorKind::kFailed,
         "{} need {} on the disk of \"{}\", which has {} left: make room, or choose another --out",
         what,
         format_bytes(bytes),
         folder.string(),
         format_bytes(static_cast<int64_t>(space.available)));
  }
}

}  // namespace fmri2img
