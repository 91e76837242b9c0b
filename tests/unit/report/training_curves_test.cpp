#include "fmri2img/report/training_curves.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::report {
namespace {

using ::testing::ElementsAre;

TEST(TrainingCurves, TakesLossesWhereTheyWereMeasured) {
  const testing::TemporaryFolder folder;
  write_file(folder / "log.csv", "step,train/loss,train/lr,val/loss\n1,0.9,1e-4,\n2,0.8,2e-4,0.85\n");
  const auto chart = training_curves(folder.path(), "mlp");
  ASSERT_TRUE(chart);
  ASSERT_EQ(chart->series.size(), 2);
  EXPECT_THAT(chart->series[0].y, ElementsAre(0.9, 0.8));
  EXPECT_EQ(chart->series[1].name, "validation");
  EXPECT_THAT(chart->series[1].x, ElementsAre(2));
}

TEST(TrainingCurves, LongOnesAreAveraged) {
  const testing::TemporaryFolder folder;
  std::string log = "step,train/loss\n";
  for (int64_t step = 0; step < 4 * kMostCurvePoints; ++step)
    log += std::to_string(step) + "," + std::to_string(step) + "\n";
  write_file(folder / "log.csv", log);
  const auto chart = training_curves(folder.path(), "mlp");
  const findings::ChartSeries& series = chart.value().series.at(0);
  EXPECT_EQ(static_cast<int64_t>(series.x.size()), kMostCurvePoints);
  EXPECT_DOUBLE_EQ(series.x[1], 5.5);  // steps 4 to 7
  EXPECT_DOUBLE_EQ(series.y[1], 5.5);
}

TEST(TrainingCurves, NoLogNoCurve) {
  const testing::TemporaryFolder folder;
  EXPECT_FALSE(training_curves(folder.path(), "ridge"));
}

}  // namespace
}  // namespace fmri2img::report
