#include "fmri2img/findings/axis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace fmri2img::findings {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;

TEST(Axis, EndsAtRoundTicks) {
  const std::vector<double> values = {0.13, 0.58};
  const Axis axis = fit_axis(values);
  EXPECT_THAT(axis.ticks, ElementsAre(0.1, 0.2, DoubleEq(0.3), 0.4, 0.5, DoubleEq(0.6)));
  EXPECT_DOUBLE_EQ(axis.position(0.1), 0);
  EXPECT_DOUBLE_EQ(axis.position(0.35), 0.5);
}

TEST(Axis, EndsAtValuesWhenAsked) {
  const std::vector<double> values = {1, 23};
  const Axis axis = fit_axis(values, {.ends = AxisEnds::kAtValues});
  EXPECT_EQ(axis.low, 1);
  EXPECT_EQ(axis.high, 23);
  EXPECT_THAT(axis.ticks, ElementsAre(5, 10, 15, 20));
}

TEST(Axis, CountsHaveNoTicksBetweenWholeNumbers) {
  const std::vector<double> values = {1, 3};
  EXPECT_THAT(fit_axis(values, {.ends = AxisEnds::kAtValues, .whole = true}).ticks, ElementsAre(1, 2, 3));
}

TEST(Axis, LogarithmicTicksArePowersOfTen) {
  const std::vector<double> values = {1e-6, 1e-1, -3, std::nan("")};
  const Axis axis = fit_axis(values, {.log = true});
  EXPECT_THAT(
      axis.ticks,
      ElementsAre(DoubleEq(1e-6), DoubleEq(1e-5), DoubleEq(1e-4), DoubleEq(1e-3), DoubleEq(1e-2), DoubleEq(0.1)));
  EXPECT_NEAR(axis.position(std::sqrt(1e-7)), 0.5, 1e-12);
  EXPECT_FALSE(std::isfinite(axis.position(0)));
}

TEST(Axis, LogarithmicAxisThatSpansLittleHasTicksAllTheSame) {
  const std::vector<double> values = {0.52, 0.83};
  EXPECT_GE(fit_axis(values, {.log = true}).ticks.size(), 3U);
}

TEST(Axis, HasTicksWhateverTheValues) {
  EXPECT_GE(fit_axis({}).ticks.size(), 2U);
  for (const double value : {0.0, -4.0, 1e9, std::nan(""), 1e-12}) {
    for (const bool log : {false, true}) {
      const std::vector<double> values = {value};
      const Axis axis = fit_axis(values, {.log = log});
      EXPECT_LT(axis.low, axis.high) << value;
      EXPECT_GE(axis.ticks.size(), 2U) << value;
      EXPECT_LE(axis.ticks.size(), 13U) << value;
    }
  }
}

TEST(Axis, WritesRoundNumbers) {
  EXPECT_EQ(tick_label(3 * 0.1), "0.3");
  EXPECT_EQ(tick_label(15000), "15000");
  EXPECT_EQ(tick_label(1e-6), "1e-06");
}

}  // namespace
}  // namespace fmri2img::findings
