#include "fmri2img/report/results_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/manifest.h"
#include "fmri2img/findings/finding.h"
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

  /// One vote, whose similarity and gain are both `score`.
  void write_votes(int64_t trials, const Json& score) {
    write_json(folder / "votes.json",
               {{"trials", trials},
                {"random_pick", 0.4},
                {"votes", {{{"vote", "low-high"}, {"decides", true}, {"similarity", score}, {"gain", score}}}}});
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
  EXPECT_EQ(count(text, "<li class=\"card\""), 2);
  EXPECT_EQ(count(text, "<img"), 2 * (1 + 4));
  EXPECT_EQ(count(text, "<b>voted</b> b<"), 2);
  EXPECT_EQ(count(text, "<b>voted</b> a<"), 0);
  EXPECT_THAT(text, HasSubstr("data-caption=\"a cat &amp; a dog\""));
  EXPECT_THAT(text, HasSubstr("fmri2img reconstruct &lt;subject&gt;"));
}

TEST_F(ResultsReport, CountsNoDecoderForTheAverage) {
  results.models.emplace_back("average");
  for (const int64_t trial : {3, 5}) add_row(trial, "average");
  const std::string text = page();
  EXPECT_THAT(text, HasSubstr("2 decoders (a, b) and their average; the answer"));
  EXPECT_THAT(text, HasSubstr("<dt>Decoders</dt><dd>a, b</dd>"));
}

TEST_F(ResultsReport, HasFiguresWhereTheyWereComputed) {
  EXPECT_THAT(page(), Not(HasSubstr("id=\"scores\"")));
  const Json score = {{"mean", 0.25}, {"low", 0.2}, {"high", 0.3}};
  write_json(folder / "evaluation.json",
             {{"model", "voted"},
              {"preset", "native"},
              {"images", 2},
              {"pixel_correlation", score},
              {"clip", score},
              {"some_score", {{"mean", nullptr}, {"low", nullptr}, {"high", nullptr}}},
              {"others", {{"a low", {{"pixel_correlation", score}}}}},
              {"baselines", {{"mean_training_picture", {{"pixel_correlation", nullptr}}}}},
              {"networks", {{{"file", "alexnet.pth"}, {"hash", "sha256:12ab"}, {"scores", {"alexnet2", "alexnet5"}}}}},
              {"not_computed", {{{"scores", {"swav"}}, {"reason", "swav.pth is missing"}}}},
              {"trained_on", {"nsd-00013 (same row, trained on by a)"}},
              {"notes", {"a <note>"}}});
  write_votes(12, score);
  const std::string text = page();
  EXPECT_THAT(text, HasSubstr("0.250 <small>[0.200, 0.300]</small>"));
  EXPECT_THAT(text, HasSubstr("25.0 % <small>[20.0 %, 30.0 %]</small>"));
  EXPECT_THAT(text, Not(HasSubstr("some score"))) << "a column of dashes";
  EXPECT_THAT(text, HasSubstr("+0.250"));
  EXPECT_THAT(text, HasSubstr("is better than a random pick"));
  EXPECT_THAT(text, HasSubstr("mean training picture"));
  EXPECT_THAT(text, HasSubstr("<li>SwAV: swav.pth is missing</li>"));
  EXPECT_THAT(text, HasSubstr("<dt>AlexNet(2), AlexNet(5)</dt><dd><code>alexnet.pth</code>"));
  EXPECT_THAT(text, HasSubstr("Scored all the same (preset native): nsd-00013 (same row, trained on by a)"));
  EXPECT_THAT(text, HasSubstr("<li>a &lt;note&gt; (evaluate, preset native)</li>"));
  EXPECT_THAT(text, HasSubstr("MindEye2 (ICML 2024), refined"));
}

TEST_F(ResultsReport, JudgesNoVoteByOneTrial) {
  const Json score = {{"mean", 0.25}, {"low", 0.25}, {"high", 0.25}};
  write_votes(1, score);
  const std::string text = page();
  EXPECT_THAT(text, HasSubstr("<td>0.250</td><td>+0.250</td>"));
  EXPECT_THAT(text, HasSubstr("1 trial cannot tell whether a vote is better than a random pick"));
}

TEST_F(ResultsReport, HeadsScoresWithTheirProtocol) {
  write_json(folder / "evaluation_mindeye1-982_antialiased.json",
             {{"model", "voted"},
              {"preset", "mindeye1-982"},
              {"protocol", "mindeye1-982, antialiased"},
              {"images", 1},
              {"lpips_vgg", {{"mean", 0.25}, {"low", 0.2}, {"high", 0.3}}}});
  const std::string text = page();
  EXPECT_THAT(text, HasSubstr("<h3>Preset mindeye1-982, antialiased, 1 image</h3>"));
  EXPECT_THAT(text, HasSubstr("LPIPS (VGG) "));
  EXPECT_THAT(text, HasSubstr("preset as above, but mindeye1-982, antialiased, over 1 image, not 982"));
}

TEST_F(ResultsReport, PutsPublishedRowsOfTheSameProtocolInTheTableOfScores) {
  Json evaluation = {{"model", "voted"},
                     {"preset", "mindeye1-982"},
                     {"images", 982},
                     {"pixel_correlation", {{"mean", 0.25}, {"low", 0.2}, {"high", 0.3}}}};
  const auto is_beside_scores = [&](const std::string& row) {
    write_json(folder / "evaluation.json", evaluation);
    const std::string text = page();
    EXPECT_EQ(count(text, row), 1);
    return text.find(row) < text.find("What others have published");
  };
  const std::string of_982 = "UMBRAE (ECCV 2024) <small>Brain-IT, table of the project page (arXiv 2510.25976)</small>";
  EXPECT_TRUE(is_beside_scores(of_982 + "</th><td>0.283<"));
  EXPECT_FALSE(is_beside_scores("MindEye2 (ICML 2024), refined")) << "of 1,000 images";
  evaluation["images"] = 981;
  EXPECT_FALSE(is_beside_scores(of_982));
  evaluation["images"] = 982;
  evaluation["protocol"] = "mindeye1-982, antialiased";
  EXPECT_FALSE(is_beside_scores(of_982));
}

TEST_F(ResultsReport, SaysWhetherAnotherRunIsBetter) {
  const auto difference = [](double low, double high, int64_t images = 12) {
    return Json{{"images", images},
                {"first", 0.5},
                {"second", 0.25},
                {"difference", {{"mean", 0.25}, {"low", low}, {"high", high}}}};
  };
  write_json(folder / "comparison_other.json",
             {{"first", "results voted"},
              {"second", "other voted"},
              {"preset", "native"},
              {"images", 12},
              {"scores",
               {{"ssim", difference(0.1, 0.4)},
                {"mse", difference(0.1, 0.4)},
                {"clip", difference(-0.1, 0.4)},
                {"swav", difference(0.1, 0.4, 9)}}},
              {"notes", Json::array()}});
  const std::string text = page();
  EXPECT_THAT(text, HasSubstr("<td>+0.250 <small>[+0.100, +0.400]</small></td><td>first better</td>"));
  EXPECT_THAT(text, HasSubstr("<td>+0.250 <small>[+0.100, +0.400]</small></td><td>second better</td>"));
  EXPECT_THAT(text, HasSubstr("<td>+25.0 % <small>[-10.0 %, +40.0 %]</small></td><td>no difference shown</td>"));
  EXPECT_THAT(text, HasSubstr("<td>too few images</td>"));
}

TEST_F(ResultsReport, WarnsOfPicturesThatWereTrainedOn) {
  EXPECT_THAT(page(), Not(HasSubstr("trained on: they")));
  results.rows[1].trained_on = true;
  EXPECT_THAT(page(), HasSubstr("1 of 4 reconstructions are of pictures that their model was trained on"));
}

TEST_F(ResultsReport, ShowsFindingsThatWereNamedOrLieInTheFolder) {
  const auto finding = [](const char* title) {
    return findings::to_json({.title = title, .charts = {{.id = "c", .title = "Chart of " + std::string(title)}}});
  };
  std::filesystem::create_directories(folder / "experiment");
  write_json(folder / "experiment/finding.json", finding("Inside"));
  const testing::TemporaryFolder elsewhere;
  write_json(elsewhere / "finding.json", finding("Elsewhere"));
  write_results_report(
      folder / kReportFile, {&results, 1}, {.findings = {elsewhere.path(), folder / "experiment/finding.json"}});
  const std::string text = read_file(folder / kReportFile);
  EXPECT_EQ(count(text, "<figcaption>Chart of Inside</figcaption>"), 1);
  EXPECT_EQ(count(text, "<figcaption>Chart of Elsewhere</figcaption>"), 1);
  EXPECT_THAT(text, HasSubstr("id=\"finding-2-c\""));
  EXPECT_ERROR(
      write_results_report(folder / kReportFile, {&results, 1}, {.findings = {folder / "none"}}), "no finding", "none");
}

TEST_F(ResultsReport, SaysWhichDecodersCannotBeFound) {
  Manifest manifest = {.command = "reconstruct"};
  manifest.settings["decoders"] = {"/nowhere/ridge"};
  write_json(folder / "manifest.json", manifest.to_json());
  EXPECT_THAT(page(), HasSubstr("<code>/nowhere/ridge</code> is not there any more"));
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
