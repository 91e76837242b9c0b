#include "fmri2img/io/jpeg_writer.h"

#include <array>
#include <csetjmp>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
// jpeglib.h needs <cstdio> before it.
#include <jpeglib.h>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"

namespace fmri2img::io {
namespace {

/// libjpeg writing into memory. Its errors jump: everything that owns memory lives here or in the caller.
class JpegEncoder {
 public:
  JpegEncoder() {
    jpeg_.err = jpeg_std_error(&errors_);
    jpeg_.client_data = this;
    errors_.error_exit = on_error;
    guarded([this] { jpeg_create_compress(&jpeg_); });
  }
  ~JpegEncoder() {
    jpeg_destroy_compress(&jpeg_);
    std::free(file_);  // NOLINT(cppcoreguidelines-no-malloc): libjpeg allocates it so
  }
  JpegEncoder(const JpegEncoder&) = delete;
  JpegEncoder& operator=(const JpegEncoder&) = delete;

  /// `pixels`: H x W x 3 bytes, contiguous.
  std::string encode(const uint8_t* pixels, int64_t height, int64_t width, int quality) {
    guarded([&] { compress(pixels, height, width, quality); });
    return {reinterpret_cast<const char*>(file_), size_};
  }

 private:
  void compress(const uint8_t* pixels, int64_t height, int64_t width, int quality) {
    jpeg_mem_dest(&jpeg_, &file_, &size_);
    jpeg_.image_height = static_cast<JDIMENSION>(height);
    jpeg_.image_width = static_cast<JDIMENSION>(width);
    jpeg_.input_components = 3;
    jpeg_.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg_);
    jpeg_set_quality(&jpeg_, quality, TRUE);
    jpeg_.comp_info[0].h_samp_factor = 1;
    jpeg_.comp_info[0].v_samp_factor = 1;
    jpeg_.optimize_coding = TRUE;
    jpeg_start_compress(&jpeg_, TRUE);
    for (int64_t y = 0; y < height; ++y) {
      auto* row = const_cast<JSAMPROW>(pixels + y * width * 3);  // libjpeg only reads it
      jpeg_write_scanlines(&jpeg_, &row, 1);
    }
    jpeg_finish_compress(&jpeg_);
  }

  /// Runs libjpeg calls; `step` holds nothing with a destructor.
  template <class Step> void guarded(Step step) {
    if (setjmp(jump_) != 0) fail(ErrorKind::kFailed, "cannot compress a picture as JPEG: {}", message_.data());
    step();
  }

  static void on_error(j_common_ptr jpeg) {
    auto& self = *static_cast<JpegEncoder*>(jpeg->client_data);
    jpeg->err->format_message(jpeg, self.message_.data());
    std::longjmp(self.jump_, 1);  // NOLINT(cert-err52-cpp): libjpeg's only way out
  }

  jpeg_compress_struct jpeg_{};
  jpeg_error_mgr errors_{};
  std::jmp_buf jump_{};
  std::array<char, JMSG_LENGTH_MAX> message_{};
  unsigned char* file_ = nullptr;
  unsigned long size_ = 0;  // NOLINT(google-runtime-int): libjpeg's type
};

}  // namespace

std::string encode_jpeg(const at::Tensor& pixels, int quality) {
  FMRI2IMG_CHECK(pixels.scalar_type() == at::kByte && pixels.dim() == 3 && pixels.size(2) == 3 && pixels.numel() > 0 &&
                     pixels.size(0) <= JPEG_MAX_DIMENSION && pixels.size(1) <= JPEG_MAX_DIMENSION,
                 "a JPEG is made from uint8 [H, W, 3] with sides of at most {} pixels, found {} {}",
                 static_cast<int64_t>(JPEG_MAX_DIMENSION),
                 c10::toString(pixels.scalar_type()),
                 format_shape(pixels.sizes().vec()));
  const at::Tensor plain = pixels.cpu().contiguous();
  return JpegEncoder().encode(plain.const_data_ptr<uint8_t>(), plain.size(0), plain.size(1), quality);
}

}  // namespace fmri2img::io
