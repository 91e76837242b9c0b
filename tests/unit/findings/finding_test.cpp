#include "fmri2img/findings/finding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "fmri2img/core/error.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::findings {
namespace {

using ::testing::HasSubstr;

Finding example() {
  ChartSeries series{.name = "set1", .x = {1, 2}, .y = {0.5, std::nan("")}, .low = {0.4, 0.3}, .high = {0.6, 0.5}};
  Chart chart{.id = "loss",
              .title = "Loss",
              .x_label = "epoch",
              .y_label = "L1",
              .log_y = true,
              .shared_y = {0.1, 2},
              .series = {series}};
  return {.id = "experiment-1",
          .title = "ROI sets and batch sizes",
          .lead = "Twelve models.",
          .tables = {{"Last epoch", {"ROI set", "loss"}, {{"set1", "0.5"}}}},
          .charts = {chart},
          .notes = {"Shortened to 2 epochs"}};
}

TEST(Finding, ComesBackAsItWasWritten) {
  const testing::TemporaryFolder folder;
  write_json(folder / kFindingFile, to_json(example()));
  const Finding read = read_finding(folder / kFindingFile);
  EXPECT_EQ(to_json(read), to_json(example()));
  EXPECT_TRUE(std::isnan(read.charts.at(0).series.at(0).y.at(1)));
  EXPECT_EQ(read.charts.at(0).kind, ChartKind::kLines);
}

TEST(Finding, NeedsNoSharedScale) {
  const testing::TemporaryFolder folder;
  Json json = to_json(example());
  json["charts"][0].erase("shared_y");
  write_json(folder / kFindingFile, json);
  EXPECT_TRUE(read_finding(folder / kFindingFile).charts.at(0).shared_y.empty());
}

TEST(Finding, NamesTheFieldThatIsWrong) {
  const testing::TemporaryFolder folder;
  Json json = to_json(example());
  json["charts"][0]["series"][0]["y"] = {1.0};
  write_json(folder / kFindingFile, json);
  try {
    read_finding(folder / kFindingFile);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("charts[0].series[0]"));
    EXPECT_THAT(error.what(), HasSubstr("differ in length"));
  }
}

}  // namespace
}  // namespace fmri2img::findings
