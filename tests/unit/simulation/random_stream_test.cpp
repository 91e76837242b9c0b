#include "fmri2img/simulation/random_stream.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "fmri2img/core/random.h"

namespace fmri2img::simulation {
namespace {

TEST(RandomStream, IsSplitmix64InSteps) {
  // The published generator: a counter that advances by the golden ratio, mixed. Its first output from state s is
  // splitmix64(s), its second splitmix64(s + golden ratio).
  const uint64_t state = splitmix64(splitmix64(splitmix64(splitmix64(1) ^ 5) ^ 2) ^ 3);
  RandomStream random(1, Use::kVertex, 2, 3);
  EXPECT_EQ(random.bits(), splitmix64(state));
  EXPECT_EQ(random.bits(), splitmix64(state + 0x9e3779b97f4a7c15));
}

TEST(RandomStream, EveryPartOfTheKeyCounts) {
  std::set<uint64_t> first;
  for (const uint64_t seed : {0, 1}) {
    for (const Use use : {Use::kScene, Use::kNoise}) {
      for (const uint64_t index : {0, 1}) {
        for (const uint64_t subindex : {0, 1}) first.insert(RandomStream(seed, use, index, subindex).bits());
      }
    }
  }
  EXPECT_EQ(first.size(), 16U);
}

TEST(RandomStream, HasTheMomentsOfItsDistributions) {
  constexpr int kDraws = 100000;
  RandomStream random(7, Use::kNoise, 0);
  double sum = 0;
  double squares = 0;
  double fourths = 0;
  double uniforms = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double value = random.normal();
    sum += value;
    squares += value * value;
    fourths += value * value * value * value;
    const float uniform = random.uniform();
    EXPECT_GE(uniform, 0);
    EXPECT_LT(uniform, 1);
    uniforms += uniform;
  }
  // Five standard errors: 1, sqrt 2, sqrt 96 and sqrt(1/12), each over sqrt(100,000).
  EXPECT_NEAR(sum / kDraws, 0, .016);
  EXPECT_NEAR(squares / kDraws, 1, .023);
  EXPECT_NEAR(fourths / kDraws, 3, .155);
  EXPECT_NEAR(uniforms / kDraws, .5, .0046);
}

}  // namespace
}  // namespace fmri2img::simulation
