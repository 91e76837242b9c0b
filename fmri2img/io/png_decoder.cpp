#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>
#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <cstdio>
#include <optional>
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

  at::Tensor read_pixels(const ImageInfo& info, Transparency transparency) {
    check_compression(info);
    const bool on_white = transparency == Transparency::kOnWhite;
    const Samples samples = samples_of(info, on_white);
    const auto pixel_bytes = static_cast<int64_t>(samples);
    at::Tensor pixels = at::empty({info.height, info.width, 3}, at::kByte);
    auto* rgb = pixels.mutable_data_ptr<uint8_t>();
    std::vector<uint8_t> raw(samples == Samples::kRgb ? 0
                                                      : static_cast<size_t>(info.height * info.width * pixel_bytes));
    read_rows(samples == Samples::kRgb ? rgb : raw.data(), info.height, info.width * pixel_bytes, samples);
    if (samples == Samples::kRgba) lay_on_white(raw, rgb);
    if (samples == Samples::kDeepGrey) clip_to_bytes(raw, on_white ? transparent_grey() : std::nullopt, rgb);
    return pixels;
  }

 private:
  /// What libpng is asked for; the bytes of a pixel.
  enum class Samples { kDeepGrey = 2, kRgb = 3, kRgba = 4 };

  Samples samples_of(const ImageInfo& info, bool on_white) {
    if (colour_type() == PNG_COLOR_TYPE_GRAY && info.bit_depth == 16) return Samples::kDeepGrey;
    const bool transparent = info.alpha || png_get_valid(png_, info_, PNG_INFO_tRNS) != 0;
    return on_white && transparent ? Samples::kRgba : Samples::kRgb;
  }

  /// Runs libpng calls; `step` holds nothing with a destructor.
  template <class Step> void guarded(Step step) {
    if (setjmp(png_jmpbuf(png_)) != 0)
      fail(ErrorKind::kBadInput, "{}: not a whole PNG picture: {}; {}", where_, message_.data(), kRestorePicture);
    step();
  }

  /// Deflate packs at most 1032 bytes into one: a small file cannot hold the picture that its header promises.
  void check_compression(const ImageInfo& info) const {
    const auto stored = static_cast<int64_t>(png_get_rowbytes(png_, info_)) * info.height;
    FMRI2IMG_CHECK(stored / 1032 <= static_cast<int64_t>(file_size_),
                   "{}: not a whole PNG picture: {} x {} pixels do not fit in the {} bytes of the file; {}",
                   where_,
                   info.width,
                   info.height,
                   file_size_,
                   kRestorePicture);
  }

  void read_rows(uint8_t* target, int64_t rows, int64_t row_bytes, Samples samples) {
    std::vector<png_bytep> pointers(static_cast<size_t>(rows));
    for (int64_t row = 0; row < rows; ++row) pointers[static_cast<size_t>(row)] = target + row * row_bytes;
    guarded([&] { request(samples); });
    FMRI2IMG_ASSERT(static_cast<int64_t>(png_get_rowbytes(png_, info_)) == row_bytes);
    guarded([&] {
      png_read_image(png_, pointers.data());
      png_read_end(png_, nullptr);
    });
  }

  void request(Samples samples) {
    if (samples != Samples::kDeepGrey) {
      png_set_strip_16(png_);
      if (colour_type() == PNG_COLOR_TYPE_PALETTE) png_set_palette_to_rgb(png_);
      if ((colour_type() & PNG_COLOR_MASK_COLOR) == 0) {
        png_set_expand_gray_1_2_4_to_8(png_);
        png_set_gray_to_rgb(png_);
      }
      if (samples == Samples::kRgb) {
        png_set_strip_alpha(png_);
      } else if ((colour_type() & PNG_COLOR_MASK_ALPHA) == 0) {
        png_set_tRNS_to_alpha(png_);
      }
    }
    png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
  }

  /// The grey that stands for nothing at all, where there is one.
  std::optional<int> transparent_grey() {
    png_color_16p colour = nullptr;
    if (png_get_tRNS(png_, info_, nullptr, nullptr, &colour) == 0) return std::nullopt;
    return colour->gray;
  }

  static void clip_to_bytes(const std::vector<uint8_t>& big_endian, std::optional<int> white, uint8_t* rgb) {
    for (size_t i = 0; i < big_endian.size(); i += 2, rgb += 3) {
      const int level = big_endian[i] * 256 + big_endian[i + 1];
      std::fill_n(rgb, 3, static_cast<uint8_t>(level == white ? 255 : std::min(level, 255)));
    }
  }

  /// Rounded to the nearest, as Pillow's alpha_composite does.
  static void lay_on_white(const std::vector<uint8_t>& rgba, uint8_t* rgb) {
    for (size_t i = 0; i < rgba.size(); i += 4, rgb += 3) {
      const int alpha = rgba[i + 3];
      for (size_t colour = 0; colour < 3; ++colour) {
        rgb[colour] = static_cast<uint8_t>((rgba[i + colour] * alpha + 255 * (255 - alpha) + 127) / 255);
      }
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

at::Tensor decode_png(std::span<const std::byte> bytes, const std::string& where, Transparency transparency) {
  PngDecoder decoder(bytes, where);
  const ImageInfo info = decoder.read_header();
  check_image_size(info, where);
  return decoder.read_pixels(info, transparency);
}

}  // namespace fmri2img::io
