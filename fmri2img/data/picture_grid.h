#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace fmri2img::data {

/// Pictures that belong together: a target above its reconstructions. uint8 [H, W, 3] each, all of one size.
using GridColumn = std::vector<at::Tensor>;

struct GridOptions {
  int64_t columns = 10;        ///< per band; further ones begin a new band below
  int64_t smallest_side = 96;  ///< pictures are enlarged by a whole factor (nearest neighbour) until they reach it
  int64_t gap = 10;            ///< white pixels between the pictures of a column, and between columns
  int64_t margin = 24;         ///< white pixels around everything, and between bands
};

/// All columns on white, band below band.
/// REQUIRES: at least one column, all with equally many pictures of equal size.
/// Shape of the result: uint8 [height, width, 3].
at::Tensor draw_picture_grid(const std::vector<GridColumn>& columns, const GridOptions& options = {});

}  // namespace fmri2img::data
