#include "fmri2img/data/picture_arrays.h"

#include <ATen/ATen.h>

#include <cmath>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"

namespace fmri2img::data {
namespace {

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

at::Tensor unfold(const at::Tensor& flat, const PictureArrayOptions& options, const std::string& where) {
  const auto [height, width] = flat_size(flat.size(1), options, where);
  const bool colour = flat.size(1) == 3 * height * width;
  if (options.order == PictureOrder::kColumn) {
    if (colour) return flat.reshape({-1, 3, width, height}).permute({0, 3, 2, 1});
    return flat.reshape({-1, width, height}).transpose(1, 2);
  }
  return colour ? flat.reshape({-1, height, width, 3}) : flat.reshape({-1, height, width});
}

}  // namespace

at::Tensor pictures_from_array(const at::Tensor& array, const PictureArrayOptions& options, const std::string& where) {
  const bool flat = array.dim() == 2;
  FMRI2IMG_CHECK((flat || array.dim() == 3 || (array.dim() == 4 && array.size(3) == 3)) && array.numel() > 0,
                 "{}: shape {} is none of pictures: N x H x W, N x H x W x 3, or N x HW",
                 where,
                 format_shape(array.sizes().vec()));
  const at::Tensor values = array.to(at::kDouble);
  FMRI2IMG_CHECK(values.isfinite().all().item<bool>(), "{}: holds values that are not finite", where);
  const double lowest = values.min().item<double>();
  const double highest = values.max().item<double>();
  FMRI2IMG_CHECK(lowest >= 0 && highest <= 255,
                 "{}: values run from {} to {}; pictures are 0 .. 255 or 0 .. 1",
                 where,
                 lowest,
                 highest);
  const at::Tensor levels = (highest <= 1 ? values * 255 : values).round().to(at::kByte);
  return (flat ? unfold(levels, options, where) : levels).contiguous();
}

}  // namespace fmri2img::data
