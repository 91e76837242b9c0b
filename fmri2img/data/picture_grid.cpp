#include "fmri2img/data/picture_grid.h"

#include <torch/torch.h>

#include <algorithm>

#include "fmri2img/core/check.h"

namespace fmri2img::data {
namespace {

at::Tensor enlarge(const at::Tensor& picture, int64_t factor) {
  return picture.repeat_interleave(factor, 0).repeat_interleave(factor, 1);
}

/// The whole factor that brings the shorter side to at least `smallest`.
int64_t enlargement(const at::Tensor& picture, int64_t smallest) {
  const int64_t side = std::min(picture.size(0), picture.size(1));
  return std::max<int64_t>(1, (smallest + side - 1) / side);
}

}  // namespace

at::Tensor draw_picture_grid(const std::vector<GridColumn>& columns, const GridOptions& options) {
  FMRI2IMG_ASSERT(!columns.empty() && !columns.front().empty());
  const at::Tensor& first = columns.front().front();
  const int64_t factor = enlargement(first, options.smallest_side);
  const int64_t height = first.size(0) * factor;
  const int64_t width = first.size(1) * factor;
  const auto count = static_cast<int64_t>(columns.size());
  const auto rows = static_cast<int64_t>(columns.front().size());
  const int64_t across = std::min(count, options.columns);
  const int64_t bands = (count + across - 1) / across;
  const int64_t band_height = rows * height + (rows - 1) * options.gap + options.margin;
  at::Tensor page = at::full(
      {bands * band_height + options.margin, 2 * options.margin + across * (width + options.gap) - options.gap, 3},
      255,
      at::kByte);
  for (int64_t i = 0; i < count; ++i) {
    const GridColumn& column = columns[static_cast<size_t>(i)];
    FMRI2IMG_ASSERT(static_cast<int64_t>(column.size()) == rows);
    for (int64_t row = 0; row < rows; ++row) {
      const int64_t top = options.margin + i / across * band_height + row * (height + options.gap);
      const int64_t left = options.margin + i % across * (width + options.gap);
      page.narrow(0, top, height).narrow(1, left, width).copy_(enlarge(column[static_cast<size_t>(row)], factor));
    }
  }
  return page;
}

}  // namespace fmri2img::data
