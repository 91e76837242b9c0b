#include "fmri2img/statistics/identification.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <limits>

#include "fmri2img/core/random.h"

namespace fmri2img::statistics {
namespace {

TEST(TwoWayIdentification, CountsTheTargetsThatCorrelateLess) {
  // Column j is reconstruction j. Column 0: own .9 beats .1 and .5. Column 1: own .4 beats .3, loses to .6. Column 2:
  // loses both.
  const at::Tensor r = torch::tensor({{0.9, 0.3, 0.5}, {0.1, 0.4, 0.7}, {0.5, 0.6, 0.2}}, at::kDouble);
  EXPECT_EQ(two_way_identification(r), (std::vector<double>{1, 0.5, 0}));
}

TEST(TwoWayIdentification, CountsTiesAndUndefinedPairsAsFailures) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const at::Tensor tie = torch::tensor({{0.5, 0.5}, {0.5, nan}}, at::kDouble);
  EXPECT_EQ(two_way_identification(tie), (std::vector<double>{0, 0}));
}

TEST(TwoWayIdentification, LeavesAConstantTargetOutOfTheDistractorsAndTheDenominator) {
  // Target 1 correlates with nothing. Reconstruction 0: .9 beats .1 of target 2, the only other one; 2 loses to .5.
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const at::Tensor r = torch::tensor({{0.9, 0.3, 0.5}, {nan, nan, nan}, {0.1, 0.6, 0.2}}, at::kDouble);
  EXPECT_TRUE(at::equal(undefined_targets(r), torch::tensor({false, true, false})));
  const std::vector<double> shares = two_way_identification(r);
  EXPECT_EQ(shares[0], 1);
  EXPECT_TRUE(std::isnan(shares[1]));
  EXPECT_EQ(shares[2], 0);
  const NWayIdentification among = n_way_identification(r, 3, 5);
  EXPECT_EQ(among.top1[0], 1);
  EXPECT_TRUE(std::isnan(among.top1[1]));
}

TEST(TwoWayIdentification, CountsAConstantReconstructionAsAFailureAndNoTargetAsUndefined) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const at::Tensor one = torch::tensor({{0.9, nan}, {0.1, nan}}, at::kDouble);
  EXPECT_EQ(two_way_identification(one), (std::vector<double>{1, 0}));
  EXPECT_EQ(two_way_identification(at::full({2, 2}, nan, at::kDouble)), (std::vector<double>{0, 0}));
}

TEST(NWayIdentification, DrawsFromTheDefinedTargetsAlone) {
  // Every defined other target correlates less: one undefined among the drawn would spoil the share.
  at::Tensor r = at::eye(8, at::kDouble);
  r[3].fill_(std::numeric_limits<double>::quiet_NaN());
  const NWayIdentification result = n_way_identification(r, 4, 11);
  for (size_t j = 0; j < 8; ++j) EXPECT_EQ(std::isnan(result.share[j]), j == 3) << j;
  EXPECT_EQ(result.share[7], 1);
}

TEST(NWayIdentification, AmongAllEqualsTwoWay) {
  at::Generator generator = make_generator(1);
  const at::Tensor r = at::rand({9, 9}, generator, at::kDouble) + 0.4 * at::eye(9, at::kDouble);
  const NWayIdentification result = n_way_identification(r, 9, 5);
  EXPECT_EQ(result.share, two_way_identification(r));
}

TEST(NWayIdentification, NeverDrawsTheOwnTarget) {
  // Every other target correlates less, the own one never can: drawing it would spoil the share.
  const at::Tensor r = at::eye(6, at::kDouble);
  const NWayIdentification result = n_way_identification(r, 3, 11);
  EXPECT_EQ(result.share, std::vector<double>(6, 1.0));
  EXPECT_EQ(result.top1, std::vector<double>(6, 1.0));
}

TEST(NWayIdentification, AveragesToTheTwoWayShareOverManyImages) {
  at::Generator generator = make_generator(2);
  const int64_t images = 400;
  const at::Tensor r = at::rand({images, images}, generator, at::kDouble) + 0.3 * at::eye(images, at::kDouble);
  const auto mean = [](const std::vector<double>& values) {
    return torch::tensor(values, at::kDouble).mean().item<double>();
  };
  EXPECT_NEAR(mean(n_way_identification(r, 20, 3).share), mean(two_way_identification(r)), 0.03);
}

TEST(NWayIdentification, DependsOnTheSeedAlone) {
  at::Generator generator = make_generator(4);
  const at::Tensor r = at::rand({30, 30}, generator, at::kDouble);
  EXPECT_EQ(n_way_identification(r, 5, 1).share, n_way_identification(r, 5, 1).share);
  EXPECT_NE(n_way_identification(r, 5, 1).share, n_way_identification(r, 5, 2).share);
}

}  // namespace
}  // namespace fmri2img::statistics
