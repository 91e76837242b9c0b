#include "fmri2img/experiments/roi_importance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmri2img/core/random.h"
#include "fmri2img/data/roi.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/experiments/experiment_decoders.h"

namespace fmri2img::experiments {
namespace {

constexpr int64_t kRows = 24;
constexpr int64_t kVertices = 6;

/// Vertices 0 and 1 carry the latents, 2 .. 5 have no weight.
class RoiImportanceTest : public ::testing::Test {
 protected:
  RoiImportanceTest() {
    at::Generator generator = make_generator(3);
    weights.narrow(0, 0, 2).copy_(at::randn({2, 4}, generator));
    responses = at::randn({kRows, kVertices}, generator, at::kFloat) + 2;
    latents = at::mm(responses, weights).view({-1, 1, 2, 2});
    for (int64_t row = 0; row < kRows; ++row) numbers.push_back(row);
  }

  RoiImportance run(const ImportanceOptions& options, const std::string& name = "out") {
    LinearDecoder decoder(weights);
    return roi_importance(
        {.decoder = decoder,
         .rows = {responses, latents},
         .training_mean = at::full({kVertices}, 2.0, at::kFloat),
         .row_numbers = numbers,
         .parts = {{"carries", "both", {0, 1}}, {"idle", "both", {2, 3, 4, 5}}, {"half", "left", {0}}},
         .options = options},
        folder / name);
  }

  testing::TemporaryFolder folder;
  at::Tensor weights = at::zeros({kVertices, 4});
  at::Tensor responses, latents;
  std::vector<int64_t> numbers;
};

TEST_F(RoiImportanceTest, ARegionWithoutWeightChangesNothing) {
  for (const Ablation how : {Ablation::kPermute, Ablation::kMean}) {
    const RoiImportance importance = run({.how = how}, how == Ablation::kMean ? "mean" : "permute");
    EXPECT_EQ(importance.parts[1].change.values, std::vector<double>(kRows, 0.0));
    EXPECT_NEAR(importance.baseline.values[0], 0, 1e-6) << "the decoder knows the answer";
    double whole = 0, half = 0;
    for (const double change : importance.parts[0].change.values) whole += change;
    for (const double change : importance.parts[2].change.values) half += change;
    EXPECT_GT(half, 0.1);
    EXPECT_GT(whole, half) << "both vertices carry more than one";
  }
}

TEST_F(RoiImportanceTest, LeavingOutGivesTheErrorOfTheMean) {
  const RoiImportance importance = run({.how = Ablation::kMean});
  // Row 0: the error is that of predicting from 2 in place of the two responses.
  const at::Tensor expected =
      at::mm(responses.narrow(0, 0, 1).narrow(1, 0, 2) - 2, weights.narrow(0, 0, 2)).abs().mean();
  EXPECT_NEAR(importance.parts[0].change.values[0], expected.item<double>(), 1e-5);
}

TEST_F(RoiImportanceTest, PermutationsDependOnTheSeedAlone) {
  const auto once = run({.repeats = 2, .seed = 7}, "a"), again = run({.repeats = 2, .seed = 7}, "b");
  EXPECT_EQ(once.parts[0].change.values, again.parts[0].change.values);
  EXPECT_NE(run({.repeats = 2, .seed = 8}, "c").parts[0].change.values, once.parts[0].change.values);
}

TEST_F(RoiImportanceTest, FinishedRegionsAreNotMeasuredAgain) {
  const RoiImportance whole = run({});
  std::filesystem::remove(folder / "out/rows/half_left.csv");
  write_row_values(folder / "out/rows/idle_both.csv", "error", {numbers, std::vector<double>(kRows, 5.0)});
  const RoiImportance again = run({});
  EXPECT_EQ(again.parts[1].change.values.front(), 5.0) << "read, not measured";
  EXPECT_EQ(again.parts[2].change.values, whole.parts[2].change.values);
}

TEST_F(RoiImportanceTest, OneRowCannotBePermuted) {
  numbers = {0};
  responses = responses.narrow(0, 0, 1);
  latents = latents.narrow(0, 0, 1);
  EXPECT_ERROR(run({}), "one row alone cannot be permuted", "--how mean");
  EXPECT_EQ(run({.how = Ablation::kMean}).parts.size(), 3U);
}

TEST_F(RoiImportanceTest, ReportsTheLargestFirst) {
  const RoiImportance importance = run({});
  const findings::Finding finding = importance_finding(importance, {"92", "validation rows", {}, {"RSC"}});
  EXPECT_EQ(finding.tables[0].rows.front()[0], "carries");
  EXPECT_EQ(finding.tables[0].rows.back()[0], "idle");
  EXPECT_THAT(finding.lead, ::testing::HasSubstr("24 validation rows"));
  EXPECT_THAT(finding.notes, ::testing::Contains(::testing::HasSubstr("RSC")));
  ASSERT_EQ(finding.charts[0].series.size(), 2U) << "both and left";
  EXPECT_THAT(importance_csv(importance, 42), ::testing::HasSubstr("idle,both,4,0,0,0,\n"))
      << "no error, no share of it";
}

TEST(ColumnReplacement, LeavesOtherColumnsAlone) {
  const at::Tensor responses = at::arange(6, at::kFloat).view({2, 3});
  const at::Tensor permuted = permute_columns(responses, {1}, at::tensor({1, 0}, at::kLong));
  EXPECT_TRUE(at::equal(permuted, at::tensor({0, 4, 2, 3, 1, 5}, at::kFloat).view({2, 3})));
  const at::Tensor replaced = replace_columns(responses, {0, 2}, at::tensor({7, 8, 9}, at::kFloat));
  EXPECT_TRUE(at::equal(replaced, at::tensor({7, 1, 9, 7, 4, 9}, at::kFloat).view({2, 3})));
}

class RoiPartsTest : public ::testing::Test {
 protected:
  RoiPartsTest() { testing::make_subject(folder / "subj"); }
  testing::TemporaryFolder folder;
};

TEST_F(RoiPartsTest, SplitRegionsByHemisphere) {
  const data::Subject subject = data::Subject::open(folder / "subj");
  // `make_rois`: V1d is the second vertex of each hemisphere, so columns 1 and 11; column 0 is not read here.
  const std::vector<RoiPart> parts = roi_parts(subject, {1, 2, 10, 11}, {"V1d", "V1v"});
  ASSERT_EQ(parts.size(), 5U);
  EXPECT_EQ(parts[0].name(), "V1d both");
  EXPECT_EQ(parts[0].positions, (std::vector<int64_t>{0, 3}));
  EXPECT_EQ(parts[1].name(), "V1d left");
  EXPECT_EQ(parts[2].positions, (std::vector<int64_t>{3}));
  EXPECT_EQ(parts[4].name(), "V1v right") << "its left half is not read";
}

TEST_F(RoiPartsTest, NameWhatIsAbsent) {
  const data::Subject subject = data::Subject::open(folder / "subj");
  const std::vector<RoiPart> parts = roi_parts(subject, {1, 11}, {});
  EXPECT_THAT(absent_rois(subject, {}, parts), ::testing::Contains("V1v"));
  EXPECT_THAT(absent_rois(subject, {}, parts), ::testing::Not(::testing::Contains("V1d")));
  EXPECT_ERROR(roi_parts(subject, {9}, {"V1d"}), "none of the regions has a vertex");
  EXPECT_ERROR(roi_parts(subject, {1}, {"V1x"}), "V1x");
  std::filesystem::remove_all(folder / "subj/roi_masks");
  EXPECT_ERROR(roi_parts(data::Subject::open(folder / "subj"), {1}, {}), "has no ROI masks", "roi_masks");
}

}  // namespace
}  // namespace fmri2img::experiments
