#include "fmri2img/statistics/array_summary.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace fmri2img::statistics {
namespace {

TEST(ArraySummary, IsOverTheFiniteValues) {
  using Limits = std::numeric_limits<double>;
  const double nan = Limits::quiet_NaN(), infinity = Limits::infinity();
  const ArraySummary summary = summarise(at::tensor({1.0, nan, 4.0, infinity, -infinity, 1.0}).view({2, 3}));
  EXPECT_EQ(summary.count, 6);
  EXPECT_EQ(summary.nan, 1);
  EXPECT_EQ(summary.infinite, 2);
  EXPECT_EQ(summary.minimum, 1);
  EXPECT_EQ(summary.maximum, 4);
  EXPECT_EQ(summary.mean, 6.0 / 3);
  EXPECT_DOUBLE_EQ(summary.deviation, std::sqrt((1.0 + 1.0 + 4.0) / 3));
}

TEST(ArraySummary, OfNothingFiniteIsNan) {
  for (const at::Tensor& array : {at::empty({0, 3}), at::full({2}, NAN)}) {
    const ArraySummary summary = summarise(array);
    EXPECT_EQ(summary.count, array.numel());
    EXPECT_TRUE(std::isnan(summary.minimum) && std::isnan(summary.maximum) && std::isnan(summary.mean));
  }
}

TEST(ArraySummary, TakesEveryRealTypeAndScalars) {
  for (const at::ScalarType type : {at::kByte,
                                    at::kShort,
                                    at::kLong,
                                    at::kUInt16,
                                    at::kUInt32,
                                    at::kUInt64,
                                    at::kHalf,
                                    at::kBFloat16,
                                    at::kDouble}) {
    const ArraySummary summary = summarise(at::arange(10, at::kDouble).to(type));
    EXPECT_EQ(summary.maximum, 9) << type;
    EXPECT_EQ(summary.mean, 4.5) << type;
  }
  EXPECT_EQ(summarise(at::tensor({1, 0, 1, 1}).to(at::kBool)).mean, .75);
  EXPECT_EQ(summarise(at::scalar_tensor(7.5)).mean, 7.5);
}

// Three pieces; the mean of the pieces differs, and is large against the deviation.
TEST(ArraySummary, PiecesAddUpWhateverTheOrderInMemory) {
  const at::Tensor array = at::arange(3 << 22, at::kDouble).reshape({3 << 11, 1 << 11}) + 1e9;
  const double n = 3 << 22;
  for (const at::Tensor& view : {array, array.t(), array.t().contiguous()}) {
    const ArraySummary summary = summarise(view);
    EXPECT_EQ(summary.count, 3 << 22);
    EXPECT_EQ(summary.minimum, 1e9);
    EXPECT_EQ(summary.maximum, 1e9 + n - 1);
    EXPECT_DOUBLE_EQ(summary.mean, 1e9 + (n - 1) / 2);
    EXPECT_NEAR(summary.deviation, std::sqrt((n * n - 1) / 12), 1e-3);
  }
}

}  // namespace
}  // namespace fmri2img::statistics
