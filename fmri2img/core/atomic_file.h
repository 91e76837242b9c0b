#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

namespace fmri2img {

/// Writes a file that appears whole or not at all.
///
/// The bytes go to a temporary file in the same folder (core/half_written.h); `commit` flushes, syncs and renames it
/// over the final name. Without a commit the temporary file is removed and whatever had the final name before is
/// untouched. Every failure (folder missing, no permission, disk full) is an Error that names the final path and the
/// system's reason.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  void write(std::span<const std::byte> bytes);
  void write(std::string_view text);

  /// Overwrites bytes already written; the position for `write` does not move. For headers that are known only at the
  /// end.
  void write_at(int64_t offset, std::span<const std::byte> bytes);

  void commit();

 private:
  [[noreturn]] void fail_with_errno(std::string_view action) const;

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  int descriptor_ = -1;
};

/// The whole of `content` as the file `path`, atomically.
void write_file(const std::filesystem::path& path, std::string_view content);

/// The whole of a small text file. Throws Error if it cannot be read or is larger than `limit` bytes.
std::string read_file(const std::filesystem::path& path, int64_t limit = int64_t{1} << 30);

/// Throws Error before a run that needs `bytes` on the disk of `folder` and would not find them. `what` names the
/// files.
void require_disk_space(const std::filesystem::path& folder, int64_t bytes, std::string_view what);

}  // namespace fmri2img
