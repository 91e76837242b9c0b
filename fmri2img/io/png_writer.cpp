#include <ATen/core/Tensor.h>
#include <png.h>

#include <array>
#include <csetjmp>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/io/image.h"

namespace fmri2img::io {
namespace {

constexpr int kZlibLevel = 4;  // twice as fast as the default 6 for 2 % larger files on photographs

/// libpng writing into memory; its errors jump, so everything that owns memory lives here or in the caller.
class PngEncoder {
 public:
  PngEncoder() {
    png_ = png_create_write_struct(PNG_LIBPNG_VER_STRING, this, on_error, on_warning);
    info_ = png_ != nullptr ? png_create_info_struct(png_) : nullptr;
    if (info_ == nullptr) fail(ErrorKind::kFailed, "out of memory");
    png_set_write_fn(png_, this, on_write, nullptr);
  }
  ~PngEncoder() { png_destroy_write_struct(&png_, &info_); }
  PngEncoder(const PngEncoder&) = delete;
  PngEncoder& operator=(const PngEncoder&) = delete;

  /// `pixels`: H x W x `channels` bytes, contiguous.
  std::string encode(const uint8_t* pixels, int64_t height, int64_t width, int64_t channels) {
    std::vector<png_bytep> rows(static_cast<size_t>(height));
    for (int64_t row = 0; row < height; ++row) {
      rows[static_cast<size_t>(row)] =
          const_cast<png_bytep>(pixels + row * width * channels);  // libpng only reads them
    }
    compress(rows, width, channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB);
    return std::move(file_);
  }

 private:
  void compress(std::vector<png_bytep>& rows, int64_t width, int colour_type) {
    if (setjmp(png_jmpbuf(png_)) != 0)
      fail(ErrorKind::kFailed, "cannot compress a picture as PNG: {}", message_.data());
    png_set_IHDR(png_,
                 info_,
                 static_cast<png_uint_32>(width),
                 static_cast<png_uint_32>(rows.size()),
                 8,
                 colour_type,
                 PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_set_compression_level(png_, kZlibLevel);
    png_set_filter(png_, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB | PNG_FILTER_UP);
    png_write_info(png_, info_);
    png_write_image(png_, rows.data());
    png_write_end(png_, nullptr);
  }

  static void on_write(png_structp png, png_bytep bytes, size_t count) {
    auto& self = *static_cast<PngEncoder*>(png_get_io_ptr(png));
    bool kept = true;
    try {
      self.file_.append(reinterpret_cast<const char*>(bytes), count);
    } catch (const std::exception&) {
      kept = false;
    }
    if (!kept) png_error(png, "out of memory");
  }

  static void on_error(png_structp png, png_const_charp text) {
    auto& self = *static_cast<PngEncoder*>(png_get_error_ptr(png));
    std::snprintf(self.message_.data(), self.message_.size(), "%s", text);
    png_longjmp(png, 1);
  }

  static void on_warning(png_structp, png_const_charp) {}

  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
  std::string file_;
  std::array<char, 200> message_{};
};

}  // namespace

void write_png(const std::filesystem::path& path, const at::Tensor& pixels) {
  const bool has_channels = pixels.dim() == 3;
  const int64_t channels = has_channels ? pixels.size(2) : 1;
  FMRI2IMG_CHECK(pixels.scalar_type() == at::kByte && (has_channels || pixels.dim() == 2) &&
                     (channels == 1 || channels == 3) && pixels.numel() > 0,
                 "cannot write \"{}\": a PNG is made from uint8 [H, W], [H, W, 1] or [H, W, 3], found {} {}",
                 path.string(),
                 c10::toString(pixels.scalar_type()),
                 format_shape(pixels.sizes().vec()));
  const at::Tensor plain = pixels.cpu().contiguous();
  write_file(path, PngEncoder().encode(plain.const_data_ptr<uint8_t>(), plain.size(0), plain.size(1), channels));
}

}  // namespace fmri2img::io
