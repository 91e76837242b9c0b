#include "fmri2img/statistics/interval_text.h"

#include <gtest/gtest.h>

namespace fmri2img::statistics {
namespace {

TEST(IntervalText, HasTheMeanAloneWhereThereIsNoWidth) {
  EXPECT_EQ(interval_text({0.6021, 0.557, 0.6414}, "{:.3f}"), "0.602 [0.557, 0.641]");
  EXPECT_EQ(interval_text({-0.01, -0.02, 0.005}, "{:+.2f}"), "-0.01 [-0.02, +0.01]");
  EXPECT_EQ(interval_text({0.25, 0.25, 0.25}, "{:.3f}"), "0.250");
}

}  // namespace
}  // namespace fmri2img::statistics
