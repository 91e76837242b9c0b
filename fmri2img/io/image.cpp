#include "fmri2img/io/image.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "fmri2img/core/check.h"
#include "fmri2img/core/mapped_file.h"
#include "fmri2img/core/text.h"
#include "fmri2img/io/image_decoders.h"

namespace fmri2img::io {
namespace {

enum class PictureFormat { kPng, kJpeg };

bool begins_with(std::span<const std::byte> bytes, std::initializer_list<uint8_t> signature) {
  return bytes.size() >= signature.size() &&
         std::equal(signature.begin(), signature.end(), bytes.begin(), [](uint8_t a, std::byte b) {
           return std::byte{a} == b;
         });
}

std::optional<PictureFormat> known_format(std::span<const std::byte> bytes) {
  if (begins_with(bytes, {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'})) return PictureFormat::kPng;
  if (begins_with(bytes, {0xff, 0xd8, 0xff})) return PictureFormat::kJpeg;
  return std::nullopt;
}

PictureFormat format_of(std::span<const std::byte> bytes, const std::string& where) {
  if (const auto format = known_format(bytes)) return *format;
  fail(ErrorKind::kBadInput,
       "{}: expected a PNG or JPEG picture, found {}: save it as one of them",
       where,
       bytes.empty() ? "an empty file" : "a file that begins like neither");
}

std::string quoted(const std::filesystem::path& path) {
  return fmt::format("\"{}\"", path.string());
}

}  // namespace

void check_image_size(const ImageInfo& info, const std::string& where) {
  FMRI2IMG_CHECK(
      info.height > 0 && info.width > 0, "{}: the picture is {} x {} pixels", where, info.width, info.height);
  FMRI2IMG_CHECK(info.height <= kMostPixels / info.width,
                 "{}: the picture is {} x {} pixels, at most {} in all can be read",
                 where,
                 info.width,
                 info.height,
                 format_count(kMostPixels));
}

at::Tensor read_image(const std::filesystem::path& path, Transparency transparency) {
  const MappedFile file(path);
  const std::string where = quoted(path);
  return format_of(file.bytes(), where) == PictureFormat::kPng ? decode_png(file.bytes(), where, transparency)
                                                               : decode_jpeg(file.bytes(), where);
}

bool is_image(const std::filesystem::path& path) {
  return known_format(MappedFile(path).bytes()).has_value();
}

ImageInfo read_image_info(const std::filesystem::path& path) {
  const MappedFile file(path);
  const std::string where = quoted(path);
  return format_of(file.bytes(), where) == PictureFormat::kPng ? png_info(file.bytes(), where)
                                                               : jpeg_info(file.bytes(), where);
}

at::Tensor to_pixels(const at::Tensor& pictures) {
  return pictures.mul(255).round().to(at::kByte).movedim(-3, -1).contiguous();
}

}  // namespace fmri2img::io
