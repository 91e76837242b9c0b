#include "fmri2img/reconstruction/voting/votes.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "tests/support/errors.h"

namespace fmri2img::reconstruction {
namespace {

Pick highest(const std::vector<double>& scores) {
  return pick_highest(scores);
}

TEST(PickHighest, TakesTheHighestAndSaysByHowMuch) {
  EXPECT_EQ(highest({0.25, 0.75, 0.5}).candidate, 1);
  EXPECT_DOUBLE_EQ(*highest({0.25, 0.75, 0.5}).margin, 0.25);
}

TEST(PickHighest, TakesTheFirstOfATie) {
  EXPECT_EQ(highest({0.1, 0.5, 0.5}).candidate, 1);
  EXPECT_DOUBLE_EQ(*highest({0.1, 0.5, 0.5}).margin, 0);
}

TEST(PickHighest, OfOneHasNoMargin) {
  EXPECT_EQ(highest({0.5}).candidate, 0);
  EXPECT_FALSE(highest({0.5}).margin.has_value());
}

TEST(PickHighest, NeverTakesWhatIsNoNumber) {
  EXPECT_EQ(highest({std::nan(""), -0.5, -0.75}).candidate, 1);
  EXPECT_DOUBLE_EQ(*highest({std::nan(""), -0.5, -0.75}).margin, 0.25);
  EXPECT_EQ(highest({std::nan(""), std::nan("")}).candidate, 0);
  EXPECT_FALSE(highest({std::nan(""), std::nan("")}).margin.has_value());
}

TEST(ConsensusScores, AreMeansOverTheOthers) {
  const at::Tensor cosines = at::tensor({1.0, 0.5, 0.0, 0.5, 1.0, 0.25, 0.0, 0.25, 1.0}, at::kDouble).view({3, 3});
  EXPECT_EQ(consensus_scores(cosines), (std::vector<double>{0.25, 0.375, 0.125}));
  EXPECT_EQ(consensus_scores(at::ones({1, 1}, at::kDouble)), (std::vector<double>{0}));
}

TEST(PickRandom, DependsOnSeedAndTrialAloneAndTakesEveryone) {
  std::set<int64_t> taken;
  for (int64_t trial = 0; trial < 50; ++trial) {
    const Pick pick = pick_random(4, 42, trial);
    EXPECT_EQ(pick.candidate, pick_random(4, 42, trial).candidate);
    EXPECT_FALSE(pick.margin.has_value());
    taken.insert(pick.candidate);
  }
  EXPECT_EQ(taken, (std::set<int64_t>{0, 1, 2, 3}));
}

TEST(FindVote, KnowsEveryNameAndSuggestsTheNearest) {
  for (const Vote vote : all_votes()) EXPECT_EQ(find_vote(vote_name(vote), "--vote"), vote);
  EXPECT_ERROR(find_vote("low_high", "--vote"), "--vote", "\"low_high\"", "did you mean \"low-high\"", "consensus");
}

}  // namespace
}  // namespace fmri2img::reconstruction
