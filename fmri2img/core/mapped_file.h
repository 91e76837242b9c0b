#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>

namespace fmri2img {

/// A file's bytes, mapped read-only: opening costs no reading, and pages that nobody touches are never read.
/// Copies share the mapping, which lives as long as the last of them. An empty file maps to an empty span.
class MappedFile {
 public:
  /// Throws Error if the file does not exist or cannot be mapped.
  explicit MappedFile(const std::filesystem::path& path);

  std::span<const std::byte> bytes() const { return bytes_; }
  const std::filesystem::path& path() const { return path_; }

  /// Keeps the mapping alive: for tensors that point into it.
  std::shared_ptr<const void> owner() const { return mapping_; }

 private:
  std::filesystem::path path_;
  std::shared_ptr<const void> mapping_;
  std::span<const std::byte> bytes_;
};

/// Lets go of the pages of these bytes if they lie in a `MappedFile`: they no longer count as this process's memory,
/// and are read again when they are touched. Does nothing with other memory.
void forget_mapped_pages(const void* begin, size_t bytes);

}  // namespace fmri2img
