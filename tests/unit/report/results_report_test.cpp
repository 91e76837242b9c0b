#include "fmri2img/report/results_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/manifest.h"
#include "fmri2img/io/image.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// Two trials by two models, and a vote for the second.
class ResultsReport : public ::testing::Test {
 protected:
  ResultsReport() {
    results.folder = folder.path();
    results.subject = "subj01";
    results.partition = "test";
    results.trials = "test";
    results.models = {"a", "b"};
    results.vote = "low-high";
    const Manifest manifest = {.command = "reconstruct", .command_line = {"fmri2img", "reconstruct", "<subject>"}};
    write_json(folder / "manifest.json", manifest.to_json());
    for (const int64_t trial : {3, 5}) {
      for (const std::string model : {"a", "b"}) add_row(trial, model);
    }
  }

  void add_row(int64_t trial, const std::string& model) {
    reconstruction::ResultRow row;
    row.trial = trial;
    row.picture = "nsd-00013";
    row.model = model;
    row.target = "t.png";
    row.low = model + "_low.png";
    row.high = model + "_high.png";
    row.caption = "a cat & a dog";
    row.high_target = 0.5;
    row.voted = model == "b";
    for (const std::string& picture : {row.target, row.low, row.high})
      io::write_png(folder / picture, at::full({8, 8, 3}, 40, at::kByte));
    results.rows.push_back(row);
  }

  std::string page() {
    write_results_report(folder / kReportFile, {&results, 1});
    return read_file(folder / kReportFile);
  }

  static size_t count(const std::string& text, const std::string& part) {
    size_t found = 0;
    for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
  }

  testing::TemporaryFolder folder;
  reconstruction::Results results;
};

TEST_F(ResultsReport, ShowsEveryTrialWithWhatWasVotedFor) {
  const std::string text = page();
  EXPECT_EQ(count(text, "<article"), 2);
  EXPECT_EQ(count(text, "<img"), 2 * (1 + 4));
  EXPECT_EQ(count(text, "b, voted"), 2);
  EXPECT_EQ(count(text, "a, voted"), 0);
  EXPECT_THAT(text, HasSubstr("a cat &amp; a dog (0.500 like the target)"));
  EXPECT_THAT(text, HasSubstr("fmri2img reconstruct &lt;subject&gt;"));
}

TEST_F(ResultsReport, HasFiguresWhereTheyWereComputed) {
  EXPECT_THAT(page(), Not(HasSubstr("<table>")));
  const Json score = {{"mean", 0.25}, {"low", 0.2}, {"high", 0.3}};
  write_json(folder / "evaluation.json",
             {{"model", "voted"},
              {"preset", "native"},
              {"images", 2},
              {"pixel_correlation", score},
              {"others", {{"a low", {{"pixel_correlation", score}}}}},
              {"baselines", {{"mean_training_picture", {{"pixel_correlation", nullptr}}}}},
              {"notes", {"a <note>"}}});
  write_json(folder / "votes.json",
             {{"trials", 2},
              {"random_pick", 0.4},
              {"votes", {{{"vote", "low-high"}, {"decides", true}, {"similarity", score}, {"gain", score}}}}});
  const std::string text = page();
  EXPECT_THAT(text, HasSubstr("0.250 <small>[0.200, 0.300]</small>"));
  EXPECT_THAT(text, HasSubstr("+0.250"));
  EXPECT_THAT(text, HasSubstr("mean training picture"));
  EXPECT_THAT(text, HasSubstr("a &lt;note&gt;"));
}

TEST_F(ResultsReport, PutsOtherRunsBesideUnlessTheyAreOfOtherTrials) {
  reconstruction::Results other = results;
  other.vote.clear();
  for (reconstruction::ResultRow& row : other.rows) {
    row.high.clear();
    row.model = "mlp-" + row.model;
  }
  write_results_report(folder / kReportFile, std::vector{results, other});
  EXPECT_EQ(count(read_file(folder / kReportFile), "<img"), 2 * (1 + 4 + 2));
  other.rows.pop_back();
  other.rows.pop_back();
  EXPECT_ERROR(write_results_report(folder / kReportFile, std::vector{results, other}), "same trials");
}

}  // namespace
}  // namespace fmri2img::report
