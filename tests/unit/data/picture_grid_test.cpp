#include "fmri2img/data/picture_grid.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace fmri2img::data {
namespace {

at::Tensor flat(int64_t side, int64_t level) {
  return at::full({side, side, 3}, level, at::kByte);
}

TEST(PictureGrid, PutsATargetAboveItsReconstructionAndBeginsNewBands) {
  const std::vector<GridColumn> columns{
      {flat(2, 10), flat(2, 20)}, {flat(2, 30), flat(2, 40)}, {flat(2, 50), flat(2, 60)}};
  const at::Tensor page = draw_picture_grid(columns, {.columns = 2, .smallest_side = 4, .gap = 1, .margin = 3});
  // Pictures are 4 x 4. Across: 3 + 4 + 1 + 4 + 3. Down: two bands of 3 + 4 + 1 + 4, and 3.
  EXPECT_EQ(page.sizes(), (std::vector<int64_t>{27, 15, 3}));
  const auto level = [&](int64_t y, int64_t x) { return page[y][x][0].item<int>(); };
  EXPECT_EQ(level(3, 3), 10);
  EXPECT_EQ(level(6, 6), 10);
  EXPECT_EQ(level(7, 3), 255);
  EXPECT_EQ(level(8, 3), 20);
  EXPECT_EQ(level(3, 8), 30);
  EXPECT_EQ(level(11, 11), 40);
  EXPECT_EQ(level(15, 3), 50);
  EXPECT_EQ(level(20, 3), 60);
  EXPECT_EQ(level(15, 8), 255);
}

TEST(PictureGrid, LeavesLargePicturesAsTheyAre) {
  EXPECT_EQ(draw_picture_grid({{flat(100, 1)}}, {.smallest_side = 96, .margin = 2}).size(0), 104);
}

}  // namespace
}  // namespace fmri2img::data
