#include "fmri2img/core/random.h"

#include <gtest/gtest.h>

namespace fmri2img {
namespace {

// The generator's published first outputs from state 0 are those of splitmix64(0) and of its next state.
TEST(Splitmix64, ReproducesThePublishedSequence) {
  EXPECT_EQ(splitmix64(0), 0xe220a8397b1dcdafU);
  EXPECT_EQ(splitmix64(0x9e3779b97f4a7c15), 0x6e789e6aa1b965f4U);
}

TEST(ImageSeed, DependsOnEveryPartAndFitsASignedInteger) {
  EXPECT_NE(image_seed(42, 0, 1), image_seed(42, 1, 0));
  EXPECT_NE(image_seed(42, 0, 0), image_seed(43, 0, 0));
  for (uint64_t trial = 0; trial < 1000; ++trial) EXPECT_GE(image_seed(42, trial, 3), 0);
}

}  // namespace
}  // namespace fmri2img
