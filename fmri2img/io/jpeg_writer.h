#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace fmri2img::io {

/// A picture as the bytes of a JPEG file: for pages that hold many, where a PNG would be five times the size.
///
/// Shape: pixels uint8 [H, W, 3], any strides. `quality` from 1 to 100 as libjpeg's; colours are not subsampled, so
/// that edges of small pictures stay sharp. Throws Error for another shape or type, or a side above 65,500.
std::string encode_jpeg(const at::Tensor& pixels, int quality);

}  // namespace fmri2img::io
