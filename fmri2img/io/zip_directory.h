#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>

namespace fmri2img::io {

/// Where one file of a zip archive lies.
struct ZipMember {
  int64_t offset;  ///< of its data in the archive
  int64_t stored;  ///< bytes that it takes there
  int64_t size;    ///< bytes of the file itself; equal to `stored` where it is not compressed
  bool deflated;
};

/// The members of an archive in memory, by name. Reads the central directory (also zip64), so that members which are
/// stored as they are can be used in place.
/// Throws Error naming `where` if the archive is truncated, a member leaves it, is encrypted or appears twice, or a
/// compression other than deflate is used.
std::map<std::string, ZipMember> read_zip_directory(std::span<const std::byte> archive, const std::string& where);

/// The bytes of a deflated member. Throws Error if they are damaged or not `member.size` long.
std::string inflate_member(std::span<const std::byte> archive, const ZipMember& member, const std::string& where);

}  // namespace fmri2img::io
