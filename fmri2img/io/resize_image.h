#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace fmri2img::io {

/// Pillow's names and formulae.
enum class Filter {
  kBilinear,  ///< a triangle over 2 pixels
  kBicubic,   ///< Keys' cubic over 4 pixels, a = -1/2
  kLanczos,   ///< a windowed sinc over 6 pixels
};

/// A picture of another size, equal to Pillow's `Image.resize((width, height), filter)` in every value.
///
/// Shape: pixels uint8 [H, W, C], C from 1 to 4, any strides -> [height, width, C], contiguous.
/// Filters are widened when reducing; coefficients are fixed-point numbers of 22 bits. Width and height are resized one
/// after the other, each rounded to 8 bits: the width first, unless the height loses more than twice as many pixels,
/// which is new in Pillow 13. A direction whose size stays is left alone.
/// Source: Pillow 13, src/libImaging/Resample.c, modes "L" and "RGB". Differs: alpha, as any channel, is resized by
/// itself; Pillow weighs colours by it.
/// Throws Error if a side is not positive, or either picture has more than kMostPixels.
at::Tensor resize_image(const at::Tensor& pixels, int64_t height, int64_t width, Filter filter);

}  // namespace fmri2img::io
