#include "fmri2img/io/tar.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "fmri2img/core/check.h"

namespace fmri2img::io {
namespace {

constexpr size_t kTarBlock = 512;

// Offsets and lengths of the fields of a header: POSIX.1-1988.
constexpr size_t kNameLength = 100;
constexpr size_t kSizeAt = 124;
constexpr size_t kChecksumAt = 148;
constexpr size_t kTypeAt = 156;
constexpr size_t kMagicAt = 257;
constexpr size_t kPrefixAt = 345;

std::string_view text_field(std::string_view header, size_t offset, size_t length) {
  const std::string_view field = header.substr(offset, length);
  return field.substr(0, field.find('\0'));
}

/// An octal number, with blanks or zeros around it.
size_t octal_field(std::string_view header, size_t offset, size_t length, const std::string& where) {
  size_t value = 0;
  for (const char c : text_field(header, offset, length)) {
    if (c == ' ') continue;
    FMRI2IMG_CHECK(c >= '0' && c <= '7', "{}: a header holds a number that is not octal", where);
    value = value * 8 + static_cast<size_t>(c - '0');
  }
  return value;
}

/// The sum of the header's bytes, its own field taken as blanks.
size_t header_sum(std::string_view header) {
  size_t sum = 8 * size_t{' '};
  for (size_t i = 0; i < kTarBlock; ++i) {
    if (i < kChecksumAt || i >= kChecksumAt + 8) sum += static_cast<unsigned char>(header[i]);
  }
  return sum;
}

std::string member_path(std::string_view header) {
  const std::string name(text_field(header, 0, kNameLength));
  const bool has_prefix = header.substr(kMagicAt, 6) == std::string_view("ustar\0", 6) && header[kPrefixAt] != '\0';
  return has_prefix ? fmt::format("{}/{}", text_field(header, kPrefixAt, 155), name) : name;
}

}  // namespace

TarFile::TarFile(const std::filesystem::path& path) : file_(path) {
  const std::string_view text(reinterpret_cast<const char*>(file_.bytes().data()), file_.bytes().size());
  for (size_t at = 0; at < text.size();) {
    const std::string where = fmt::format("\"{}\", byte {}", path.string(), at);
    FMRI2IMG_CHECK(text.size() - at >= kTarBlock, "{}: truncated archive: a header was expected", where);
    const std::string_view header = text.substr(at, kTarBlock);
    if (std::ranges::all_of(header, [](char c) { return c == '\0'; })) return;
    FMRI2IMG_CHECK(octal_field(header, kChecksumAt, 8, where) == header_sum(header),
                   "{}: not a tar archive, or damaged: a header's checksum is wrong",
                   where);
    const size_t size = octal_field(header, kSizeAt, 12, where);
    FMRI2IMG_CHECK(size <= text.size() - at - kTarBlock,
                   "{}: truncated archive: \"{}\" has {} bytes, {} follow",
                   where,
                   member_path(header),
                   size,
                   text.size() - at - kTarBlock);
    if (header[kTypeAt] == '0' || header[kTypeAt] == '\0')
      members_.push_back({member_path(header), file_.bytes().subspan(at + kTarBlock, size)});
    at += kTarBlock + (size + kTarBlock - 1) / kTarBlock * kTarBlock;
  }
}

}  // namespace fmri2img::io
