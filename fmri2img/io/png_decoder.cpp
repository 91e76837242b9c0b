#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <vector>

#include "fmri2img/core/check.h"
#include "fmri2img/io/image_decoders.h"

namespace fmri2img::io {
namespace {

/// libpng reading from memory. Its errors jump: everything that owns memory lives here or in the caller, never in a
/// frame that a jump could cross, so nothing leaks.
class PngDecoder {
 public:
  PngDecoder(std::span<const std::byte> bytes, const std::string& where)
      : rest_(bytes), file_size_(bytes.size()), where_(where) {
    png_ = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
    info_ = png_ != nullptr ? png_create_info_struct(png_) : nullptr;
    if (info_ == nullptr) fail(ErrorKind::kFailed, "{}: out of memory", where_);
    png_set_read_fn(png_, this, on_read);
    png_set_benign_errors(png_, 1);
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
    png_set_crc_action(png_, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
#endif
  }
  ~PngDecoder() {
    png_destroy_read_struct(&png_, &info_, nullptr);
  }
  PngDecoder(const PngDecoder&) = delete;
  PngDecoder& operator=(const PngDecoder&) = delete;

  ImageInfo read_header() {
    guarded([this] { png_read_info(png_, info_); });
    const int64_t bits = png_get_bit_depth(png_, info_);
    const bool palette = colour_type() == PNG_COLOR_TYPE_PALETTE;
    return {png_get_image_height(png_, info_),
            png_get_image_width(png_, info_),
            palette ? 3 : png_get_channels(png_, info_),
            palette ? 8 : bits,
            (colour_type() & PNG_COLOR_MASK_ALPHA) != 0};
  }

  at::Tensor read_pixels(const ImageInfo& info) {
    check_compression(info);
    const bool deep_grey = colour_type() == PNG_COLOR_TYPE_GRAY && info.bit_depth == 16;
    at::Tensor pixels = at::empty({info.height, info.width, 3}, at::kByte);
    std::vector<uint8_t> deep(deep_grey ? static_cast<size_t>(info.height * info.width * 2) : 0);
    uint8_t* target = deep_grey ? deep.data() : pixels.mutable_data_ptr<uint8_t>();
    read_rows(target, info.height, info.width * (deep_grey ? 2 : 3), deep_grey);
    if (deep_grey) clip_to_bytes(deep, pixels.mutable_data_ptr<uint8_t>());
    return pixels;
  }

 private:
  /// Runs libpng calls; `step` holds nothing with a destructor.
  template <class Step> void guarded(Step step) {
    if (setjmp(png_jmpbuf(png_)) != 0)
      fail(ErrorKind::kBadInput, "{}: not a whole PNG picture: {}", where_, message_.data());
    step();
  }

  /// Deflate packs at most 1032 bytes into one: a small file cannot hold the picture that its header promises.
  void check_compression(const ImageInfo& info) const {
    const auto stored = static_cast<int64_t>(png_get_rowbytes(png_, info_)) * info.height;
    FMRI2IMG_CHECK(stored / 1032 <= static_cast<int64_t>(file_size_),
                   "{}: not a whole PNG picture: {} x {} pixels do not fit in the {} bytes of the file",
                   where_,
                   info.width,
                   info.height,
                   file_size_);
  }

  void read_rows(uint8_t* target, int64_t rows, int64_t row_bytes, bool deep_grey) {
    std::vector<png_bytep> pointers(static_cast<size_t>(rows));
    for (int64_t row = 0; row < rows; ++row) pointers[static_cast<size_t>(row)] = target + row * row_bytes;
    guarded([&] { request_rgb(deep_grey); });
    FMRI2IMG_ASSERT(static_cast<int64_t>(png_get_rowbytes(png_, info_)) == row_bytes);
    guarded([&] {
      png_read_image(png_, pointers.data());
      png_read_end(png_, nullptr);
    });
  }

  void request_rgb(bool deep_grey) {
    if (!deep_grey) {
      png_set_strip_16(png_);
      if (colour_type() == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png_);
      if ((colour_type() & PNG_COLOR_MASK_COLOR) == 0) {
        png_set_expand_gray_1_2_4_to_8(png_);
        png_set_gray_to_rgb(png_);
      }
      png_set_strip_alpha(png_);
    }
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
  }

  static void clip_to_bytes(const std::vector<uint8_t>& big_endian, uint8_t* rgb) {
    for (size_t i = 0; i < big_endian.size(); i += 2, rgb += 3) {
      std::fill_n(rgb, 3, big_endian[i] == 0 ? big_endian[i + 1] : uint8_t{255});
    }
  }

  int colour_type() const {
    return png_get_color_type(png_, info_);
  }

  static void on_read(png_structp png, png_bytep target, size_t count) {
    auto& self = *static_cast<PngDecoder*>(png_get_io_ptr(png));
    if (count > self.rest_.size()) png_error(png, "the file ends too early");
    std::copy_n(self.rest_.data(), count, reinterpret_cast<std::byte*>(target));
    self.rest_ = self.rest_.subspan(count);
  }

  static void on_error(png_structp png, png_const_charp text) {
    auto& self = *static_cast<PngDecoder*>(png_get_error_ptr(png));
    std::snprintf(self.message_.data(), self.message_.size(), "%s", text);
    png_longjmp(png, 1);
  }

  static void on_warning(png_structp, png_const_charp) {}

  std::span<const std::byte> rest_;
  size_t file_size_;
  const std::string& where_;
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  std::array<char, 200> message_{};
};

}  // namespace

ImageInfo png_info(std::span<const std::byte> bytes, const std::string& where) {
  return PngDecoder(bytes, where).read_header();
}

at::Tensor decode_png(std::span<const std::byte> bytes, const std::string& where) {
  PngDecoder decoder(bytes, where);
  const ImageInfo info = decoder.read_header();
  check_image_size(info, where);
  return decoder.read_pixels(info);
}

}  // namespace fmri2img::io
