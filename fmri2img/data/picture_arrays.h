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
/// Values are 0 .. 255, or 0 .. 1 where none is above 1. The array is gone through a few pictures at a time, so that a
/// mapped one may be larger than the memory.
class PictureArray {
 public:
  /// Throws Error naming `where` if the array is not of such a shape, or a value is not finite or outside 0 .. 255.
  PictureArray(at::Tensor array, const PictureArrayOptions& options, const std::string& where);

  int64_t size() const;

  /// Pictures first .. first + count - 1: uint8 [count, H, W] or [count, H, W, 3].
  at::Tensor pictures(int64_t first, int64_t count) const;

 private:
  at::Tensor array_;
  std::optional<std::pair<int64_t, int64_t>> flat_size_;  ///< height and width, where the pictures are flat
  PictureOrder order_;
  double scale_ = 1;
};

}  // namespace fmri2img::data
