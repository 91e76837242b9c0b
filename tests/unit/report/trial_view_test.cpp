#include "fmri2img/report/trial_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/report/best_and_worst.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::report {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

reconstruction::ResultRow made_row(int64_t trial, const std::string& model, bool voted) {
  reconstruction::ResultRow row;
  row.trial = trial;
  row.model = model;
  row.low = "low.png";
  row.high = "high.png";
  row.high_target = 0.1 * static_cast<double>(trial);
  row.voted = voted;
  return row;
}

std::vector<int64_t> numbers(const std::vector<const TrialView*>& trials) {
  std::vector<int64_t> found;
  for (const TrialView* trial : trials) found.push_back(trial->trial);
  return found;
}

TEST(TrialView, AnswerIsWhatWasVotedForOthersKeepTheirOrder) {
  const testing::TemporaryFolder folder;
  std::vector<reconstruction::Results> results(2);
  results[0].folder = folder.path();
  results[0].rows = {made_row(4, "a", false), made_row(4, "b", false), made_row(4, "c", true)};
  results[1].folder = folder / "later";
  results[1].rows = {made_row(4, "a", true)};
  const std::vector<TrialView> trials = view_trials(results);
  ASSERT_EQ(trials.size(), 1);
  EXPECT_EQ(trials[0].answer.name, "c");
  std::vector<std::string> others;
  for (const Candidate& other : trials[0].others) others.push_back(other.name);
  EXPECT_THAT(others, ElementsAre("a", "b", "later: a"));
}

TEST(TrialView, ScoresComeFromTheVoteAndFromEvaluate) {
  const testing::TemporaryFolder folder;
  std::vector<reconstruction::Results> results(1);
  results[0].folder = folder.path();
  results[0].rows = {made_row(0, "a", true), made_row(1, "a", true)};
  results[0].rows[1].high_target.reset();
  write_file(
      folder / "evaluation.csv",
      "trial,picture,model,trained_on,pixel_correlation,clip\n0,\"p\",\"a\",false,0.25,\n1,\"q\",\"a\",false,,0.5\n");
  const std::vector<TrialView> trials = view_trials(results);
  EXPECT_THAT(trials[0].scores,
              UnorderedElementsAre(std::pair("pixel_correlation", 0.25), std::pair("similarity", 0.0)));
  EXPECT_THAT(trials[1].scores, UnorderedElementsAre(std::pair("clip", 0.5)));
  EXPECT_THAT(score_keys(trials), ElementsAre("pixel_correlation", "clip", "similarity"));
  EXPECT_EQ(ranking_key(trials), "similarity");
}

std::vector<TrialView> trials_with_scores(const std::string& key, const std::vector<double>& scores) {
  std::vector<TrialView> trials(scores.size());
  for (size_t i = 0; i < scores.size(); ++i) {
    trials[i].trial = static_cast<int64_t>(i);
    trials[i].scores[key] = scores[i];
  }
  return trials;
}

TEST(RankTrials, TakesBestMedianAndWorst) {
  const auto trials = trials_with_scores("similarity", {.1, .9, .5, .3, .7, .2, .8, .4, .6, .0});
  const std::vector<RankedTrials> ranks = rank_trials(trials);
  ASSERT_EQ(ranks.size(), 3);
  EXPECT_THAT(numbers(ranks[0].trials), ElementsAre(1, 6, 4));
  EXPECT_THAT(numbers(ranks[1].trials), ElementsAre(8, 2, 7));  // .6 .5 .4 of ten
  EXPECT_THAT(numbers(ranks[2].trials), ElementsAre(5, 0, 9));
}

TEST(RankTrials, FewTrialsAreNotShownTwice) {
  const auto trials = trials_with_scores("similarity", {.1, .9, .5, .3});
  const std::vector<RankedTrials> ranks = rank_trials(trials);
  ASSERT_EQ(ranks.size(), 3);
  EXPECT_THAT(numbers(ranks[0].trials), ElementsAre(1));
  EXPECT_THAT(numbers(ranks[2].trials), ElementsAre(0));
  EXPECT_TRUE(rank_trials(trials_with_scores("similarity", {.1, .9})).empty());
}

TEST(RankTrials, LowestErrorIsBest) {
  const auto trials = trials_with_scores("mse", {.3, .1, .2});
  EXPECT_THAT(numbers(rank_trials(trials)[0].trials), ElementsAre(1));
}

}  // namespace
}  // namespace fmri2img::report
