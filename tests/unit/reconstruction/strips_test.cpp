#include "fmri2img/reconstruction/strips.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace fmri2img::reconstruction {
namespace {

at::Tensor flat(int64_t side, int64_t level) {
  return at::full({side, side, 3}, level, at::kByte);
}

TEST(Strip, PutsEveryPictureAtItsPixel) {
  const at::Tensor strip =
      draw_strip({flat(512, 1), flat(512, 2), {flat(512, 3), flat(512, 4), flat(512, 5), flat(512, 6)}});
  ASSERT_EQ(strip.sizes(), (std::vector<int64_t>{552, 3272, 3}));
  at::Tensor expected = at::full({552, 3272, 3}, 255, at::kByte);
  const int64_t lefts[] = {20, 552, 1144, 1676, 2208, 2740};
  for (int64_t i = 0; i < 6; ++i) expected.narrow(0, 20, 512).narrow(1, lefts[i], 512).fill_(i + 1);
  EXPECT_TRUE(at::equal(strip, expected));
}

TEST(Strip, IsAsWideAsItsCandidates) {
  EXPECT_EQ(draw_strip({flat(512, 1), flat(512, 2), {flat(512, 3)}}).size(1), 1676);
}

TEST(Strip, EnlargesToTheNearestPixel) {
  const at::Tensor picture = at::arange(64 * 64 * 3).fmod(251).to(at::kByte).view({64, 64, 3});
  const at::Tensor strip = draw_strip({picture, {}, {}});
  const at::Tensor cell = strip.narrow(0, 20, 512).narrow(1, 20, 512);
  EXPECT_TRUE(at::equal(cell, picture.repeat_interleave(8, 0).repeat_interleave(8, 1)));
}

TEST(Strip, EnlargesByAFractionToo) {
  // Place y shows row y * 3 / 512, rounded down: rows end before 171, 342 and 512.
  const at::Tensor picture = at::tensor({10, 20, 30}, at::kByte).view({3, 1, 1}).expand({3, 2, 3});
  const at::Tensor column = draw_strip({picture, {}, {}}).narrow(0, 20, 512).select(1, 20).select(1, 0);
  EXPECT_EQ(column[170].item<int>(), 10);
  EXPECT_EQ(column[171].item<int>(), 20);
  EXPECT_EQ(column[341].item<int>(), 20);
  EXPECT_EQ(column[342].item<int>(), 30);
}

TEST(Strip, LeavesThePlaceOfAMissingPictureWhite) {
  const at::Tensor strip = draw_strip({{}, flat(512, 7), {}});
  EXPECT_TRUE(strip.narrow(1, 0, 552).eq(255).all().item<bool>());
  EXPECT_EQ(strip[20][552][0].item<int>(), 7);
}

TEST(Strip, ReducesALargerPicture) {
  EXPECT_EQ(draw_strip({flat(768, 9), {}, {}})[531][531][0].item<int>(), 9);
}

}  // namespace
}  // namespace fmri2img::reconstruction
