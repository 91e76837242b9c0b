#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "fmri2img/io/inflate.h"

namespace fmri2img::io {

/// Where one file of a zip archive lies.
struct ZipMember {
  int64_t offset;  ///< of its data in the archive
  int64_t stored;  ///< bytes that it takes there
  int64_t size;    ///< bytes of the file itself; equal to `stored` where it is not compressed
  bool deflated;
  uint32_t checksum;  ///< CRC-32 of the file itself
};

/// The members of an archive in memory, by name. Reads the central directory (also zip64), so that members which are
/// stored as they are can be used in place.
/// Throws Error naming `where` if the archive is truncated, a member leaves it, is encrypted or appears twice, or a
/// compression other than deflate is used.
std::map<std::string, ZipMember> read_zip_directory(std::span<const std::byte> archive, const std::string& where);

/// A member's bytes: in place where it is stored as it is, else inflated and its checksum compared. `owner` keeps the
/// archive alive. Throws Error if they are damaged or not `member.size` long.
HeldBytes zip_member_bytes(const HeldBytes& archive, const ZipMember& member, const std::string& where);

/// The first bytes of a member, at most `limit`, unchecked: to look at a header.
HeldBytes zip_member_prefix(const HeldBytes& archive, const ZipMember& member, size_t limit, const std::string& where);

/// Throws Error unless `bytes` has the member's checksum.
void check_zip_member(std::span<const std::byte> bytes, const ZipMember& member, const std::string& where);

}  // namespace fmri2img::io
