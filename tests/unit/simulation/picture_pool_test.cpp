#include "fmri2img/simulation/picture_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

namespace fmri2img::simulation {
namespace {

int64_t num_common(const std::vector<int64_t>& a, const std::vector<int64_t>& b) {
  std::vector<int64_t> common;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
  return static_cast<int64_t>(common.size());
}

bool ascends(const std::vector<int64_t>& ids) {
  return std::adjacent_find(ids.begin(), ids.end(), std::greater_equal<>()) == ids.end();
}

TEST(PicturePool, NoTestPictureIsATrainingPictureOfAnyone) {
  const PictureChoice first = choose_pictures(42, 1, 9841, 159, 159);
  const PictureChoice second = choose_pictures(42, 2, 9841, 159, 159);
  EXPECT_EQ(first.train.size(), 9841U);
  EXPECT_EQ(first.test.size(), 159U);
  EXPECT_TRUE(ascends(first.train) && ascends(first.test));
  EXPECT_GE(first.train.front(), 0);
  EXPECT_LT(first.train.back(), kPicturePool);
  EXPECT_EQ(num_common(first.train, first.test), 0);
  EXPECT_EQ(num_common(first.test, second.train), 0);
}

TEST(PicturePool, SubjectsOfOtherTestSizesLearnNoneOfThem) {
  const PictureChoice first = choose_pictures(42, 1, 9841, 159, 395);
  const PictureChoice third = choose_pictures(42, 3, 9082, 293, 395);
  EXPECT_EQ(num_common(first.train, third.test), 0);
  EXPECT_EQ(num_common(first.test, third.test), 159);
}

TEST(PicturePool, SubjectsShareTheTestAndATenthOfTheTraining) {
  const PictureChoice first = choose_pictures(42, 1, 5000, 100, 100);
  const PictureChoice second = choose_pictures(42, 2, 5000, 100, 100);
  EXPECT_EQ(first.test, second.test);
  // 500 on purpose, and about 4,500 x 4,500 / 72,400 = 280 by chance (standard deviation below 17).
  EXPECT_NEAR(num_common(first.train, second.train), 780, 85);
  EXPECT_NE(choose_pictures(43, 1, 5000, 100, 100).test, first.test);
}

TEST(PicturePool, CanBeUsedUp) {
  EXPECT_EQ(choose_pictures(1, 1, kPicturePool - 10, 10, 10).train.size(), static_cast<size_t>(kPicturePool - 10));
}

}  // namespace
}  // namespace fmri2img::simulation
