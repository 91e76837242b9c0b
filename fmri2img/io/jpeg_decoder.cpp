#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <array>
#include <csetjmp>
#include <cstdio>
#include <vector>
// jpeglib.h needs <cstdio> before it.
#include <jerror.h>
#include <jpeglib.h>

#include "fmri2img/core/check.h"
#include "fmri2img/io/image_decoders.h"

namespace fmri2img::io {
namespace {

/// A progressive file may repeat scans without end at the cost of a full pass each; cameras and editors write about
/// ten.
constexpr int kMostScans = 500;

/// libjpeg reading from memory. Its errors jump: everything that owns memory lives here or in the caller.
class JpegDecoder {
 public:
  JpegDecoder(std::span<const std::byte> bytes, const std::string& where) : bytes_(bytes), where_(where) {
    jpeg_.err = jpeg_std_error(&errors_);
    jpeg_.client_data = this;
    errors_.error_exit = on_error;
    errors_.emit_message = on_message;
    progress_.progress_monitor = on_progress;
    guarded([this] { jpeg_create_decompress(&jpeg_); });
    jpeg_.progress = &progress_;
  }
  ~JpegDecoder() { jpeg_destroy_decompress(&jpeg_); }
  JpegDecoder(const JpegDecoder&) = delete;
  JpegDecoder& operator=(const JpegDecoder&) = delete;

  ImageInfo read_header() {
    guarded([this] {
      jpeg_mem_src(&jpeg_, reinterpret_cast<const unsigned char*>(bytes_.data()), bytes_.size());
      jpeg_read_header(&jpeg_, TRUE);
    });
    return {jpeg_.image_height, jpeg_.image_width, jpeg_.num_components, jpeg_.data_precision};
  }

  at::Tensor read_pixels(const ImageInfo& info) {
    check_compression(info);
    const bool inks = jpeg_.jpeg_color_space == JCS_CMYK || jpeg_.jpeg_color_space == JCS_YCCK;
    jpeg_.out_color_space = inks ? JCS_CMYK : JCS_RGB;
    at::Tensor pixels = at::empty({info.height, info.width, 3}, at::kByte);
    uint8_t* row = pixels.mutable_data_ptr<uint8_t>();
    std::vector<uint8_t> ink_row(inks ? static_cast<size_t>(info.width) * 4 : 0);
    guarded([this] { jpeg_start_decompress(&jpeg_); });
    for (int64_t y = 0; y < info.height; ++y, row += info.width * 3) {
      read_row(inks ? ink_row.data() : row);
      if (inks) inks_to_rgb(ink_row, row);
    }
    guarded([this] { jpeg_finish_decompress(&jpeg_); });
    return pixels;
  }

 private:
  /// Runs libjpeg calls; `step` holds nothing with a destructor.
  template <class Step> void guarded(Step step) {
    if (setjmp(jump_) != 0)
      fail(ErrorKind::kBadInput, "{}: not a whole JPEG picture: {}; {}", where_, message_.data(), kRestorePicture);
    step();
  }

  /// Huffman coding spends at least one bit on a block of 64 pixels: a small file cannot hold what its header promises.
  void check_compression(const ImageInfo& info) const {
    if (jpeg_.arith_code) return;
    FMRI2IMG_CHECK(info.height * info.width / 512 <= static_cast<int64_t>(bytes_.size()),
                   "{}: not a whole JPEG picture: {} x {} pixels do not fit in the {} bytes of the file; {}",
                   where_,
                   info.width,
                   info.height,
                   bytes_.size(),
                   kRestorePicture);
  }

  void read_row(uint8_t* row) {
    guarded([this, row] {
      JSAMPROW rows[] = {row};
      jpeg_read_scanlines(&jpeg_, rows, 1);
    });
  }

  /// Pillow's conversion, which takes every file's inks as inverted (255 is none), as Adobe's programs write them.
  static void inks_to_rgb(const std::vector<uint8_t>& inks, uint8_t* rgb) {
    for (size_t i = 0; i < inks.size(); i += 4) {
      const int white = inks[i + 3];
      for (size_t c = 0; c < 3; ++c) {
        const int product = (255 - inks[i + c]) * white + 128;
        *rgb++ = static_cast<uint8_t>(white - (((product >> 8) + product) >> 8));
      }
    }
  }

  static JpegDecoder& self(j_common_ptr jpeg) { return *static_cast<JpegDecoder*>(jpeg->client_data); }

  static void on_error(j_common_ptr jpeg) {
    jpeg->err->format_message(jpeg, self(jpeg).message_.data());
    std::longjmp(self(jpeg).jump_, 1);
  }

  /// Warnings that mean lost pixels are errors; odd but complete files pass.
  static void on_message(j_common_ptr jpeg, int level) {
    if (level >= 0) return;
    switch (jpeg->err->msg_code) {
      case JWRN_JPEG_EOF:
      case JWRN_HIT_MARKER:
      case JWRN_HUFF_BAD_CODE:
      case JWRN_MUST_RESYNC:
      case JWRN_NOT_SEQUENTIAL:
        on_error(jpeg);
        break;
      default:
        break;
    }
  }

  static void on_progress(j_common_ptr jpeg) {
    JpegDecoder& decoder = self(jpeg);
    if (decoder.jpeg_.input_scan_number <= kMostScans) return;
    std::snprintf(decoder.message_.data(), decoder.message_.size(), "it has more than %d scans", kMostScans);
    std::longjmp(decoder.jump_, 1);
  }

  std::span<const std::byte> bytes_;
  const std::string& where_;
  jpeg_decompress_struct jpeg_{};
  jpeg_error_mgr errors_{};
  jpeg_progress_mgr progress_{};
  std::jmp_buf jump_{};
  std::array<char, JMSG_LENGTH_MAX> message_{};
};

}  // namespace

ImageInfo jpeg_info(std::span<const std::byte> bytes, const std::string& where) {
  return JpegDecoder(bytes, where).read_header();
}

at::Tensor decode_jpeg(std::span<const std::byte> bytes, const std::string& where) {
  JpegDecoder decoder(bytes, where);
  const ImageInfo info = decoder.read_header();
  check_image_size(info, where);
  return decoder.read_pixels(info);
}

}  // namespace fmri2img::io
