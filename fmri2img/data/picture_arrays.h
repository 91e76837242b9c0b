#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace fmri2img::data {

/// How the pixels of a flat picture follow one another.
enum class PictureOrder { kRow, kColumn };

struct PictureArrayOptions {
  std::optional<std::pair<int64_t, int64_t>> shape;  ///< height and width of flat pictures; none: they are square
  PictureOrder order = PictureOrder::kRow;           ///< of flat pictures; MATLAB's is by column
};

/// The pictures in an array of numbers: N x H x W, N x H x W x 3, N x HW or N x 3HW.
///
/// Shape of the result: uint8 [N, H, W] or [N, H, W, 3]. Values are 0 .. 255, or 0 .. 1 where none is above 1.
/// Throws Error naming `where` if the array is not of such a shape, or a value is not finite or outside 0 .. 255.
at::Tensor pictures_from_array(const at::Tensor& array, const PictureArrayOptions& options, const std::string& where);

}  // namespace fmri2img::data
