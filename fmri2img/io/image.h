#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>

namespace fmri2img::io {

/// Pictures with more pixels than this are refused before anything is allocated for them.
inline constexpr int64_t kMostPixels = int64_t{1} << 27;

/// What a picture file says of itself.
struct ImageInfo {
  int64_t height;
  int64_t width;
  int64_t channels;    ///< as stored: 1 grey, 2 grey + alpha, 3 RGB (also a palette), 4 RGB + alpha or CMYK
  int64_t bit_depth;   ///< bits a channel as stored: 1, 2, 4, 8 or 16 (of a palette: 8, the bits of its colours)
  bool alpha = false;  ///< one of the channels is alpha
};

/// What becomes of a picture's alpha channel, or of its transparent colour.
enum class Transparency {
  kDropped,  ///< as Pillow's `convert("RGB")` does, and with it diffusers' `load_image`
  kOnWhite,  ///< the picture is laid on white: transformers' image processors (CLIP, BLIP) since 5
};

/// A PNG or JPEG file (told apart by content) as uint8 [H, W, 3], RGB, contiguous.
///
/// The values are those of Pillow's `Image.open(path).convert("RGB")`: grey is repeated, a palette looked up, alpha
/// dropped, gamma and orientation tags ignored. 16-bit channels keep their high byte, except those of a grey picture
/// without alpha, which Pillow clips to 255: see ImageInfo::bit_depth to warn of them. With Transparency::kOnWhite
/// those of transformers' `convert_to_rgb`. Throws Error naming the file if it is missing, neither PNG nor JPEG, larger
/// than kMostPixels, truncated or corrupt. Differs: Pillow fills in what is missing of a damaged JPEG; here that is an
/// error. A transparent colour of 1, 2 or 4 bits of grey, or of 16-bit RGB, is found by the standard's rule; Pillow
/// looks for it among converted values.
at::Tensor read_image(const std::filesystem::path& path, Transparency transparency = Transparency::kDropped);

/// Whether the file begins like a PNG or JPEG picture. Throws Error if it cannot be opened.
bool is_image(const std::filesystem::path& path);

/// Reads the header only. Throws Error as `read_image`, as far as the header shows it.
ImageInfo read_image_info(const std::filesystem::path& path);

/// Floats in [0, 1] as 8-bit values, rounded. Shape: [..., C, H, W] -> uint8 [..., H, W, C], contiguous.
at::Tensor to_pixels(const at::Tensor& pictures);

/// Writes uint8 [H, W], [H, W, 1] (grey) or [H, W, 3] (RGB) as an 8-bit PNG, atomically. Any strides.
void write_png(const std::filesystem::path& path, const at::Tensor& pixels);

}  // namespace fmri2img::io
