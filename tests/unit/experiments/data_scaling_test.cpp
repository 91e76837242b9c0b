#include "fmri2img/experiments/data_scaling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace fmri2img::experiments {
namespace {

TEST(ScalingSizes, HalveThePool) {
  EXPECT_EQ(scaling_sizes(1000, 3, 20), (std::vector<int64_t>{125, 250, 500, 1000}));
  EXPECT_EQ(scaling_sizes(100, 8, 20), (std::vector<int64_t>{25, 50, 100})) << "none below the fewest";
  EXPECT_EQ(scaling_sizes(10, 4, 20), (std::vector<int64_t>{10}));
}

TEST(NestedOrder, IsAPermutationThatTheSeedDecides) {
  const std::vector<int64_t> pool{3, 5, 8, 13, 21, 34};
  std::vector<int64_t> order = nested_order(pool, 1);
  EXPECT_EQ(order, nested_order(pool, 1));
  EXPECT_NE(order, nested_order(pool, 2));
  std::sort(order.begin(), order.end());
  EXPECT_EQ(order, pool);
}

TEST(ScalingFinding, DrawsALineADecoderAndTheBaseline) {
  const std::vector<ScalingResult> results{
      {"ridge", 10, {{0, 1}, {.4, .6}}}, {"ridge", 20, {{0, 1}, {.3, .5}}}, {"mlp", 20, {{0, 1}, {.2, .4}}, 7}};
  const findings::Finding finding = scaling_finding(results, {{0, 1}, {.8, .8}}, 42);
  ASSERT_EQ(finding.charts[0].series.size(), 3U);
  EXPECT_EQ(finding.charts[0].series[0].x, (std::vector<double>{10, 20}));
  EXPECT_NEAR(finding.charts[0].series[1].y[0], .3, 1e-12);
  EXPECT_EQ(finding.charts[0].series[2].y, (std::vector<double>{.8, .8}));
  EXPECT_EQ(finding.tables[0].rows[2][3], "37.5 %") << ".3 of .8";
  EXPECT_THAT(finding.lead, ::testing::HasSubstr("2 held-out rows"));
  EXPECT_THAT(finding.notes, ::testing::Contains(::testing::HasSubstr("for 7 epochs")));
  EXPECT_THAT(scaling_csv(results, 42), ::testing::HasSubstr("\nridge,20,2,0.4,"));
}

}  // namespace
}  // namespace fmri2img::experiments
