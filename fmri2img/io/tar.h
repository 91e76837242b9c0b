#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fmri2img/core/mapped_file.h"

namespace fmri2img::io {

/// One regular file of a tar archive.
struct TarMember {
  std::string name;
  std::span<const std::byte> bytes;  ///< in the mapped archive
};

/// A tar archive (POSIX ustar, GNU, or pax as Python's `tarfile` writes it), memory-mapped. Folders, links and the
/// like are passed over; so are records of long names, which truncates such names: webdataset's are short.
class TarFile {
 public:
  /// Throws Error naming the file and the byte if a header's checksum or a number is wrong, or a member leaves the
  /// file.
  explicit TarFile(const std::filesystem::path& path);

  const std::vector<TarMember>& members() const { return members_; }

  /// Keeps the members' bytes alive.
  std::shared_ptr<const void> owner() const { return file_.owner(); }

 private:
  MappedFile file_;
  std::vector<TarMember> members_;
};

}  // namespace fmri2img::io
