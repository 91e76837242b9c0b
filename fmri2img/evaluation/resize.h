#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace fmri2img::evaluation {

/// float [C, H, W] to [C, side, side], as torchvision's resize of a tensor: pixel centres at half steps.
at::Tensor resize_bilinear(const at::Tensor& picture, int64_t side, bool antialias);

/// uint8 [H, W, 3] to [side, side, 3], as Pillow's `Image.resize((side, side))`: bicubic (`io::resize_image`).
at::Tensor resize_as_pillow(const at::Tensor& picture, int64_t side);

}  // namespace fmri2img::evaluation
