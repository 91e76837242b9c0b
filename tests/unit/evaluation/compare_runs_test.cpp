#include "fmri2img/evaluation/compare_runs.h"

#include <gtest/gtest.h>

#include "tests/support/errors.h"

namespace fmri2img::evaluation {
namespace {

ScoreTable table_of(const std::string& name, const std::vector<std::optional<double>>& values) {
  ScoreTable table;
  table.folder = "runs/" + name;
  table.preset = "native";
  table.model = "voted";
  table.subject = "subj01";
  table.partition = "test";
  table.scores = {"ssim"};
  table.values = {values};
  for (size_t i = 0; i < values.size(); ++i) {
    table.trials.push_back(static_cast<int64_t>(i));
    table.pictures.push_back("picture-" + std::to_string(i));
  }
  return table;
}

TEST(CompareRuns, TakesDifferencesOfImagesAndNotOfMeans) {
  // All differences are 1/4: the runs' own values vary far more than they differ.
  const std::vector<std::optional<double>> first{.25, .5, 1.25, .25, .5, 1.25, .25, .5, 1.25, .25, .5, 1.25};
  const std::vector<std::optional<double>> second{0, .25, 1, 0, .25, 1, 0, .25, 1, 0, .25, 1};
  const RunComparison comparison = compare_runs(table_of("a", first), table_of("b", second), /*seed=*/42);
  ASSERT_EQ(comparison.scores.size(), 1U);
  const ScoreDifference& ssim = comparison.scores[0];
  EXPECT_EQ(ssim.images, 12);
  EXPECT_NEAR(ssim.first, 2.0 / 3, 1e-12);
  EXPECT_EQ(ssim.difference->mean, .25);
  EXPECT_EQ(ssim.difference->low, .25);
  EXPECT_EQ(ssim.difference->high, .25);
  EXPECT_NE(to_table(comparison).find("= +0.2500 [+0.2500, +0.2500]  differs"), std::string::npos);
}

TEST(CompareRuns, JudgesNothingByAFewImages) {
  const RunComparison comparison = compare_runs(table_of("a", {.25, .5}), table_of("b", {0, .25}), /*seed=*/42);
  EXPECT_EQ(to_table(comparison).find("differs"), std::string::npos);
  EXPECT_NE(to_table(comparison).find("2 images are too few to say that one run is better"), std::string::npos);
}

TEST(CompareRuns, EqualsTheBootstrapOfTheDifferences) {
  const std::vector<double> differences{.5, -.25, .125, .75};
  const RunComparison comparison =
      compare_runs(table_of("a", {.5, 0, .25, 1}), table_of("b", {0, .25, .125, .25}), /*seed=*/7);
  const statistics::Interval expected = statistics::bootstrap_mean(differences, 7);
  EXPECT_EQ(comparison.scores[0].difference->low, expected.low);
  EXPECT_EQ(comparison.scores[0].difference->high, expected.high);
}

TEST(CompareRuns, LeavesOutImagesForWhichOneRunHasNoScoreAndSaysSo) {
  const RunComparison comparison =
      compare_runs(table_of("a", {.5, std::nullopt, 1}), table_of("b", {.25, .5, .25}), /*seed=*/42);
  EXPECT_EQ(comparison.scores[0].images, 2);
  EXPECT_EQ(comparison.scores[0].difference->mean, .5);
  EXPECT_NE(to_table(comparison).find("ssim is compared over 2 of 3 images"), std::string::npos);
  const Json none = to_json(compare_runs(table_of("a", {std::nullopt}), table_of("b", {.5}), /*seed=*/42));
  EXPECT_TRUE(none["scores"]["ssim"]["difference"].is_null());
}

TEST(CompareRuns, NamesTheTrialThatIsMissingAndTheOneThatIsExtra) {
  ScoreTable fewer = table_of("b", {.25, .5});
  EXPECT_ERROR(compare_runs(table_of("a", {.5, .5, 1}), fewer, 42), "only \"runs/a\" has trial 2 (picture-2)");
  fewer.trials = {0, 9};
  EXPECT_ERROR(compare_runs(table_of("a", {.5, .5}), fewer, 42),
               "only \"runs/a\" has trial 1 (picture-1)",
               "only \"runs/b\" has trial 9 (picture-1)");
}

TEST(CompareRuns, RefusesAnotherSubjectOtherPicturesAndOtherResizing) {
  const ScoreTable first = table_of("a", {.5, .5});
  ScoreTable second = table_of("b", {.5, .5});
  second.subject = "subj02";
  EXPECT_ERROR(compare_runs(first, second, 42), "test trials of \"subj01\"", "test trials of \"subj02\"");
  second = table_of("b", {.5, .5});
  second.pictures[1] = "another";
  EXPECT_ERROR(compare_runs(first, second, 42), "the same rows show other pictures");
  second = table_of("b", {.5, .5});
  second.antialias = true;
  EXPECT_ERROR(compare_runs(first, second, 42), "resized in different ways");
  ScoreTable published = table_of("a", {.5, .5});
  published.preset = "mindeye1-982";
  second = published;
  second.targets_as_shown = true;
  EXPECT_ERROR(compare_runs(published, second, 42), "keeps its targets at the codec's size", "reconstruct again");
}

TEST(CompareRuns, LeavesOutScoresOfOtherWeightsAndOtherRankingAndSaysWhy) {
  ScoreTable first = table_of("a", {.5, .5});
  first.scores = {"ssim", "alexnet2", "retrieval_clip_l_target"};
  first.values = {{.5, .5}, {.5, 1}, {.5, 1}};
  first.weights = {{"alexnet2", {"sha256:7be5be790000"}}, {"retrieval_clip_l_target", {"sha256:b8cca3fd"}}};
  ScoreTable second = first;
  second.folder = "runs/b";
  EXPECT_EQ(compare_runs(first, second, 42).scores.size(), 3U);
  second.weights["alexnet2"] = {"sha256:111111110000"};
  second.csls = true;
  const RunComparison comparison = compare_runs(first, second, 42);
  ASSERT_EQ(comparison.scores.size(), 1U);
  EXPECT_EQ(comparison.scores[0].name, "ssim");
  const std::string table = to_table(comparison);
  EXPECT_NE(table.find("alexnet2 is left out: the weights are 7be5be79 in a (voted), 11111111 in b"), std::string::npos)
      << table;
  EXPECT_NE(table.find("retrieval_clip_l_target is left out: b (voted) ranks by CSLS, a (voted) by the cosine"),
            std::string::npos)
      << table;
}

TEST(CompareRuns, IsSilentAboutScoresThatNeitherRunHasAndNamesTheOneThatHas) {
  ScoreTable first = table_of("a", {.5, .5});
  first.scores = {"ssim", "swav", "inception"};
  first.values = {{.5, .5}, {std::nullopt, std::nullopt}, {.5, .5}};
  ScoreTable second = first;
  second.folder = "runs/b";
  second.values[2] = {std::nullopt, std::nullopt};
  const RunComparison comparison = compare_runs(first, second, 42);
  EXPECT_EQ(to_table(comparison).find("swav"), std::string::npos) << to_table(comparison);
  EXPECT_EQ(comparison.notes,
            (std::vector<std::string>{"inception was computed for a (voted) alone",
                                      "2 images are too few to say that one run is better"}));
}

TEST(CompareRuns, PrintsItsColumnsBelowEachOther) {
  ScoreTable first = table_of("a", {.5, .5});
  first.scores = {"ssim", "retrieval_clip_l_reconstruction"};
  first.values = {{.5, .5}, {.5, .5}};
  const std::string table = to_table(compare_runs(first, first, 42));
  const size_t row = table.find("\nssim"), next = table.find("\nretrieval");
  ASSERT_NE(next, std::string::npos);
  EXPECT_EQ(table.find(" - ", row) - row, table.find(" - ", next) - next) << table;
}

TEST(RequireComparable, KnowsBeforeAnythingIsScored) {
  reconstruction::Results results;
  results.folder = "runs/a";
  results.subject = "subj01";
  results.partition = "test";
  results.models = {"ridge"};
  results.rows = {{0, "picture-0", "ridge"}, {1, "picture-1", "ridge"}};
  const ScoreTable planned = table_to_be(results, find_protocol("native"));
  EXPECT_NO_THROW(require_comparable(planned, table_of("b", {.5, .5})));
  EXPECT_ERROR(require_comparable(planned, table_of("b", {.5})), "only \"runs/a\" has trial 1 (picture-1)");
}

TEST(CompareRuns, SaysWhichScoresOneRunAloneHas) {
  ScoreTable second = table_of("b", {.5, .5});
  second.scores = {"mse"};
  const RunComparison comparison = compare_runs(table_of("a", {.5, .5}), second, 42);
  EXPECT_TRUE(comparison.scores.empty());
  EXPECT_NE(to_table(comparison).find("ssim was computed for a (voted) alone"), std::string::npos);
}

}  // namespace
}  // namespace fmri2img::evaluation
