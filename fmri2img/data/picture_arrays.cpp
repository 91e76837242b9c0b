#include "fmri2img/data/picture_arrays.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"

namespace fmri2img::data {
namespace {

constexpr int64_t kPicturesTogether = 64;

std::pair<int64_t, int64_t> flat_size(int64_t values, const PictureArrayOptions& options, const std::string& where) {
  if (options.shape) {
    const auto [height, width] = *options.shape;
    FMRI2IMG_CHECK(values == height * width || values == 3 * height * width,
                   "{}: pictures have {} values, --picture-shape {}x{} needs {} (or three times as many)",
                   where,
                   values,
                   height,
                   width,
                   height * width);
    return {height, width};
  }
  for (const int64_t pixels : {values, values % 3 == 0 ? values / 3 : values}) {
    const auto side = static_cast<int64_t>(std::llround(std::sqrt(static_cast<double>(pixels))));
    if (side * side == pixels) return {side, side};
  }
  fail(ErrorKind::kBadInput, "{}: {} values a picture make no square: say --picture-shape HEIGHTxWIDTH", where, values);
}

at::Tensor unfold(const at::Tensor& flat, std::pair<int64_t, int64_t> size, PictureOrder order) {
  const auto [height, width] = size;
  const bool colour = flat.size(1) == 3 * height * width;
  if (order == PictureOrder::kColumn) {
    if (colour) return flat.reshape({-1, 3, width, height}).permute({0, 3, 2, 1});
    return flat.reshape({-1, width, height}).transpose(1, 2);
  }
  return colour ? flat.reshape({-1, height, width, 3}) : flat.reshape({-1, height, width});
}

/// Lowest and highest value of all pictures.
std::pair<double, double> value_range(const at::Tensor& array, const std::string& where) {
  double lowest = std::numeric_limits<double>::infinity();
  double highest = -std::numeric_limits<double>::infinity();
  for (const at::Tensor& piece : array.split(kPicturesTogether)) {
    FMRI2IMG_CHECK(piece.isfinite().all().item<bool>(), "{}: holds values that are not finite", where);
    lowest = std::min(lowest, piece.min().item<double>());
    highest = std::max(highest, piece.max().item<double>());
  }
  return {lowest, highest};
}

}  // namespace

PictureArray::PictureArray(at::Tensor array, const PictureArrayOptions& options, const std::string& where)
    : array_(std::move(array)), order_(options.order) {
  const bool flat = array_.dim() == 2;
  FMRI2IMG_CHECK((flat || array_.dim() == 3 || (array_.dim() == 4 && array_.size(3) == 3)) && array_.numel() > 0,
                 "{}: shape {} is none of pictures: N x H x W, N x H x W x 3, or N x HW",
                 where,
                 format_shape(array_.sizes().vec()));
  FMRI2IMG_CHECK(!array_.is_complex(), "{}: holds complex numbers; pictures are real numbers", where);
  if (flat) flat_size_ = flat_size(array_.size(1), options, where);
  const auto [lowest, highest] = value_range(array_, where);
  FMRI2IMG_CHECK(lowest >= 0 && highest <= 255,
                 "{}: values run from {} to {}; pictures are 0 .. 255 or 0 .. 1",
                 where,
                 lowest,
                 highest);
  if (highest <= 1) scale_ = 255;
}

int64_t PictureArray::size() const {
  return array_.size(0);
}

at::Tensor PictureArray::pictures(int64_t first, int64_t count) const {
  const at::Tensor piece = array_.narrow(0, first, count);
  const bool are_levels = piece.scalar_type() == at::kByte && scale_ == 1;
  const at::Tensor levels = are_levels ? piece : (piece.to(at::kDouble) * scale_).round().to(at::kByte);
  return (flat_size_ ? unfold(levels, *flat_size_, order_) : levels).contiguous();
}

}  // namespace fmri2img::data
