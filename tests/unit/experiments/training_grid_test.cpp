#include "fmri2img/experiments/training_grid.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/errors.h"

namespace fmri2img::experiments {
namespace {

std::vector<GridResult> two_results() {
  return {{{"set1", 16}, 100, {{3, 2, 1}, {4, 2.5, 3}}}, {{"none", 16}, 500, {{3, 2, 1.5}, {4, 3, 2}}}};
}

TEST(TrainingGrid, HasTheOriginalsTwelveModels) {
  const std::vector<GridCell> cells = make_grid({"set1", "set2", "set3", "none"}, {16, 32, 64});
  ASSERT_EQ(cells.size(), 12U);
  EXPECT_EQ(cells[0].name(), "set1-batch-16");
  EXPECT_EQ(cells[5].name(), "set2-batch-64") << "task 5";
  EXPECT_EQ(cells[11].name(), "none-batch-64");
}

TEST(TrainingGrid, NamesFoldersAfterExpressions) {
  EXPECT_EQ((GridCell{"(set1 | set2) - hV4", 8}.name()), "set1-set2-hV4-batch-8");
}

TEST(TrainingGrid, RefusesTwoOfOneName) {
  EXPECT_ERROR(make_grid({"set1"}, {16, 16}), "set1-batch-16", "give each once");
  EXPECT_ERROR(make_grid({"set1|set2", "set1-set2"}, {16}), "\"set1-set2-batch-16\"");
  EXPECT_ERROR(make_grid({}, {16}), "at least one --roi");
}

TEST(TrainingGrid, FindsTheLowestValidationLoss) {
  const findings::Finding finding = grid_finding(two_results(), 5000, 42);
  ASSERT_EQ(finding.tables.size(), 1U);
  EXPECT_EQ(finding.tables[0].rows[0],
            (std::vector<std::string>{"set1", "16", "100", "1.0000", "3.0000", "2.5000", "2"}));
  EXPECT_EQ(finding.tables[0].rows[1][6], "3");
}

TEST(TrainingGrid, DrawsEveryCurveAgainstItsEpoch) {
  const findings::Finding finding = grid_finding(two_results(), 5000, 42);
  ASSERT_EQ(finding.charts.size(), 5U) << "two ROI sets, both losses of the one batch, and the lowest ones";
  EXPECT_EQ(finding.charts[0].id, "best-validation-loss") << "what was found comes first";
  EXPECT_EQ(finding.charts[4].id, "training-loss-none");
  EXPECT_EQ(finding.charts[4].series[0].name, "batch 16");
  EXPECT_EQ(finding.charts[2].id, "training-loss-batch-16");
  ASSERT_EQ(finding.charts[2].series.size(), 2U);
  EXPECT_EQ(finding.charts[2].series[1].name, "none");
  EXPECT_EQ(finding.charts[2].series[1].x, (std::vector<double>{1, 2, 3}));
  EXPECT_EQ(finding.charts[1].series[0].y, (std::vector<double>{4, 2.5, 3}));
}

TEST(TrainingGrid, DrawsAllCurvesOnOneScale) {
  const findings::Finding finding = grid_finding(two_results(), 5000, 42);
  ASSERT_EQ(finding.charts[1].shared_y.size(), 2U);
  for (size_t i = 1; i < finding.charts.size(); ++i)
    EXPECT_EQ(finding.charts[i].shared_y, finding.charts[1].shared_y) << finding.charts[i].id;
}

TEST(TrainingGrid, WritesALineAnEpoch) {
  EXPECT_THAT(grid_csv(two_results()),
              ::testing::StartsWith("roi,batch,epoch,training_loss,validation_loss\nset1,16,1,3,4\n"));
}

TEST(TrainingGrid, SaysWhichRowsWereTrainedOn) {
  const findings::Finding finding = grid_finding(two_results(), 5000, 42);
  EXPECT_THAT(finding.tables[0].columns, ::testing::Contains("training rows, last epoch"));
  EXPECT_THAT(finding.notes, ::testing::Contains(::testing::HasSubstr("fitted to")));
}

}  // namespace
}  // namespace fmri2img::experiments
