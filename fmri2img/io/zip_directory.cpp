#include "fmri2img/io/zip_directory.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "fmri2img/core/check.h"

namespace fmri2img::io {
namespace {

// Sizes and signatures of the records: PKWARE's APPNOTE 6.3.
constexpr size_t kEndSize = 22;
constexpr size_t kEntrySize = 46;
constexpr size_t kLocalSize = 30;
constexpr size_t kEnd64Size = 56;
constexpr size_t kLocator64Size = 20;
constexpr uint32_t kEndMark = 0x06054b50;
constexpr uint32_t kEntryMark = 0x02014b50;
constexpr uint32_t kLocalMark = 0x04034b50;
constexpr uint32_t kEnd64Mark = 0x06064b50;
constexpr uint32_t kLocator64Mark = 0x07064b50;
constexpr size_t kLongestComment = 0xffff;
constexpr uint64_t kIn64 = 0xffffffff;  // a 32-bit field with this value stands in the zip64 record instead

struct RawEntry {
  std::string name;
  int method = 0;
  uint64_t stored = 0;
  uint64_t size = 0;
  uint64_t local = 0;
  uint32_t checksum = 0;
};

/// Reads numbers of an archive; leaving it is an error.
class ZipBytes {
 public:
  ZipBytes(std::span<const std::byte> bytes, const std::string& where) : bytes_(bytes), where_(where) {}

  std::span<const std::byte> part(uint64_t offset, uint64_t count) const {
    FMRI2IMG_CHECK(offset <= bytes_.size() && count <= bytes_.size() - offset,
                   "{}: damaged or truncated archive: {} bytes at {} lie outside its {} bytes",
                   where_,
                   count,
                   offset,
                   bytes_.size());
    return bytes_.subspan(offset, count);
  }

  template <class T> T number(uint64_t offset) const {
    T value;
    std::memcpy(&value, part(offset, sizeof(T)).data(), sizeof(T));
    return value;
  }

  void expect_mark(uint64_t offset, uint32_t mark, const char* record) const {
    FMRI2IMG_CHECK(number<uint32_t>(offset) == mark, "{}: damaged archive: no {} at byte {}", where_, record, offset);
  }

  size_t size() const { return bytes_.size(); }
  const std::string& where() const { return where_; }

 private:
  std::span<const std::byte> bytes_;
  const std::string& where_;
};

size_t find_end_record(const ZipBytes& zip) {
  FMRI2IMG_CHECK(zip.size() >= kEndSize, "{}: truncated archive of {} bytes", zip.where(), zip.size());
  const size_t last = zip.size() - kEndSize;
  for (size_t back = 0; back <= std::min(last, kLongestComment); ++back) {
    if (zip.number<uint32_t>(last - back) == kEndMark) return last - back;
  }
  fail(ErrorKind::kBadInput, "{}: truncated archive: its directory, which stands at the end, is missing", zip.where());
}

struct DirectoryPlace {
  uint64_t offset;
  uint64_t bytes;
  uint64_t entries;
};

DirectoryPlace find_directory(const ZipBytes& zip) {
  const size_t end = find_end_record(zip);
  DirectoryPlace place{zip.number<uint32_t>(end + 16), zip.number<uint32_t>(end + 12), zip.number<uint16_t>(end + 10)};
  if (end >= kLocator64Size && zip.number<uint32_t>(end - kLocator64Size) == kLocator64Mark) {
    const auto end64 = zip.number<uint64_t>(end - kLocator64Size + 8);
    zip.part(end64, kEnd64Size);
    zip.expect_mark(end64, kEnd64Mark, "zip64 end record");
    place = {zip.number<uint64_t>(end64 + 48), zip.number<uint64_t>(end64 + 40), zip.number<uint64_t>(end64 + 32)};
  }
  zip.part(place.offset, place.bytes);
  return place;
}

/// Takes the 64-bit values that an entry's extra field holds for those that did not fit.
void apply_zip64(const ZipBytes& zip, uint64_t extra, uint64_t extra_end, RawEntry& entry) {
  while (extra + 4 <= extra_end) {
    const auto tag = zip.number<uint16_t>(extra);
    const uint64_t end = std::min<uint64_t>(extra + 4 + zip.number<uint16_t>(extra + 2), extra_end);
    uint64_t next = extra + 4;
    for (uint64_t* field : {&entry.size, &entry.stored, &entry.local}) {
      if (tag != 1 || *field != kIn64 || next + 8 > end) continue;
      *field = zip.number<uint64_t>(next);
      next += 8;
    }
    extra = end;
  }
}

/// Reads the directory entry at `offset` and moves it behind.
RawEntry read_entry(const ZipBytes& zip, uint64_t& offset) {
  zip.part(offset, kEntrySize);
  zip.expect_mark(offset, kEntryMark, "directory entry");
  const auto name_bytes = zip.number<uint16_t>(offset + 28);
  const auto extra_bytes = zip.number<uint16_t>(offset + 30);
  const auto comment_bytes = zip.number<uint16_t>(offset + 32);
  const auto name = zip.part(offset + kEntrySize, name_bytes);
  RawEntry entry{{reinterpret_cast<const char*>(name.data()), name.size()},
                 zip.number<uint16_t>(offset + 10),
                 zip.number<uint32_t>(offset + 20),
                 zip.number<uint32_t>(offset + 24),
                 zip.number<uint32_t>(offset + 42),
                 zip.number<uint32_t>(offset + 16)};
  FMRI2IMG_CHECK(
      (zip.number<uint16_t>(offset + 8) & 1) == 0, "{}: member \"{}\" is encrypted", zip.where(), entry.name);
  const uint64_t extra = offset + kEntrySize + name_bytes;
  zip.part(extra, extra_bytes);
  apply_zip64(zip, extra, extra + extra_bytes, entry);
  offset = extra + extra_bytes + comment_bytes;
  return entry;
}

ZipMember locate(const ZipBytes& zip, const RawEntry& entry) {
  FMRI2IMG_CHECK(entry.method == 0 || entry.method == 8,
                 "{}: member \"{}\" is compressed by method {}, only deflate is supported",
                 zip.where(),
                 entry.name,
                 entry.method);
  FMRI2IMG_CHECK(entry.method == 8 || entry.size == entry.stored,
                 "{}: damaged archive: member \"{}\" has two sizes, {} and {}",
                 zip.where(),
                 entry.name,
                 entry.size,
                 entry.stored);
  zip.part(entry.local, kLocalSize);
  zip.expect_mark(entry.local, kLocalMark, "member");
  const uint64_t data =
      entry.local + kLocalSize + zip.number<uint16_t>(entry.local + 26) + zip.number<uint16_t>(entry.local + 28);
  zip.part(data, entry.stored);
  FMRI2IMG_CHECK(can_inflate_to(entry.stored, entry.size),
                 "{}: damaged archive: member \"{}\" cannot hold {} bytes",
                 zip.where(),
                 entry.name,
                 entry.size);
  return {static_cast<int64_t>(data),
          static_cast<int64_t>(entry.stored),
          static_cast<int64_t>(entry.size),
          entry.method == 8,
          entry.checksum};
}

std::span<const std::byte> stored_bytes(std::span<const std::byte> archive, const ZipMember& member) {
  return archive.subspan(static_cast<size_t>(member.offset), static_cast<size_t>(member.stored));
}

}  // namespace

std::map<std::string, ZipMember> read_zip_directory(std::span<const std::byte> archive, const std::string& where) {
  const ZipBytes zip(archive, where);
  const DirectoryPlace place = find_directory(zip);
  std::map<std::string, ZipMember> members;
  uint64_t offset = place.offset;
  for (uint64_t i = 0; i < place.entries; ++i) {
    const RawEntry entry = read_entry(zip, offset);
    FMRI2IMG_CHECK(members.emplace(entry.name, locate(zip, entry)).second,
                   "{}: damaged archive: it holds \"{}\" twice",
                   where,
                   entry.name);
  }
  return members;
}

HeldBytes zip_member_bytes(const HeldBytes& archive, const ZipMember& member, const std::string& where) {
  const std::span<const std::byte> stored = stored_bytes(archive.bytes, member);
  if (!member.deflated) return {stored, archive.owner};
  HeldBytes held = inflate_exactly(stored, static_cast<uint64_t>(member.size), where, DeflateWrapper::kNone);
  check_zip_member(held.bytes, member, where);
  return held;
}

HeldBytes zip_member_prefix(const HeldBytes& archive, const ZipMember& member, size_t limit, const std::string& where) {
  const std::span<const std::byte> stored = stored_bytes(archive.bytes, member);
  const size_t wanted = std::min(limit, static_cast<size_t>(member.size));
  if (!member.deflated) return {stored.first(wanted), archive.owner};
  return inflate_prefix(stored, wanted, where, DeflateWrapper::kNone);
}

void check_zip_member(std::span<const std::byte> bytes, const ZipMember& member, const std::string& where) {
#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION  // a fuzzer would never get past the checksum
  const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
  FMRI2IMG_CHECK(crc32_z(0, data, bytes.size()) == member.checksum,
                 "{}: damaged archive: its bytes do not have their checksum",
                 where);
#else
  static_cast<void>(bytes), static_cast<void>(member), static_cast<void>(where);
#endif
}

}  // namespace fmri2img::io
