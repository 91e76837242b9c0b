#include "fmri2img/statistics/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace fmri2img::statistics {
namespace {

/// 0, 1, .. 99: mean 49.5, standard error sqrt((100^2 - 1) / 12 / 100) = 2.887.
std::vector<double> ramp() {
  std::vector<double> values;
  for (int i = 0; i < 100; ++i) values.push_back(i);
  return values;
}

TEST(BootstrapMean, GivesTheNormalIntervalForManyValues) {
  const Interval interval = bootstrap_mean(ramp(), 42);
  EXPECT_DOUBLE_EQ(interval.mean, 49.5);
  const double half_width = 1.96 * std::sqrt((100.0 * 100 - 1) / 12 / 100);
  EXPECT_NEAR(interval.low, 49.5 - half_width, 0.2);
  EXPECT_NEAR(interval.high, 49.5 + half_width, 0.2);
}

TEST(BootstrapMean, DependsOnTheSeedAlone) {
  const Interval first = bootstrap_mean(ramp(), 7);
  const Interval again = bootstrap_mean(ramp(), 7);
  const Interval other = bootstrap_mean(ramp(), 8);
  EXPECT_EQ(first.low, again.low);
  EXPECT_EQ(first.high, again.high);
  EXPECT_NE(first.low, other.low);
}

TEST(BootstrapMean, OfTwoValuesReachesBoth) {
  // A quarter of the resamples hold the first value twice, a quarter the second: far more than 2.5 %.
  const Interval interval = bootstrap_mean(std::vector<double>{2, 4}, 1);
  EXPECT_EQ(interval.mean, 3);
  EXPECT_EQ(interval.low, 2);
  EXPECT_EQ(interval.high, 4);
}

TEST(BootstrapMean, OfOneValueHasNoWidth) {
  const Interval interval = bootstrap_mean(std::vector<double>{0.25}, 1);
  EXPECT_EQ(interval.low, 0.25);
  EXPECT_EQ(interval.high, 0.25);
}

TEST(MeanBootstrap, GivesTheIntervalsOfBootstrapMean) {
  const Interval expected = bootstrap_mean(ramp(), 5);
  const Interval interval = MeanBootstrap(100, 5).interval(ramp());
  EXPECT_DOUBLE_EQ(interval.mean, expected.mean);
  EXPECT_NEAR(interval.low, expected.low, 1e-12);
  EXPECT_NEAR(interval.high, expected.high, 1e-12);
}

}  // namespace
}  // namespace fmri2img::statistics
