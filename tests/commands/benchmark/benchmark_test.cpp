// Claims: the pictures that simulated subjects share, which the simulator knows, are listed, held out, reconstructed
// and scored, these and no others; a copy of a training picture is refused by name; two runs are compared image by
// image. Source of truth: simulation::choose_pictures.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/data/shared_pictures.h"
#include "fmri2img/simulation/picture_pool.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::commands {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::ProgramResult;
using testing::run_program;

constexpr int64_t kTrain = 60;
constexpr int64_t kTest = 6;

std::string nsd_id(int64_t id) {
  return fmt::format("nsd-{:05}", id);
}

/// Ids that the training splits of at least two of subjects 1 .. 3 hold, by the simulator's own choice.
std::vector<std::string> truly_shared() {
  std::map<int64_t, int> subjects;
  for (int64_t subject = 1; subject <= 3; ++subject) {
    for (const int64_t id : simulation::choose_pictures(42, subject, kTrain, kTest, kTest).train) ++subjects[id];
  }
  std::vector<std::string> shared;
  for (const auto& [id, count] : subjects) {
    if (count > 1) shared.push_back(nsd_id(id));
  }
  return shared;
}

class Benchmark : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder = new testing::TemporaryFolder;
    succeed("simulate --subjects 1 2 3 --vertices 200 --train 60 --test 6 --picture-size 48 --out " + path("all"));
    succeed("shared-pictures --subjects " + subject(1) + " " + subject(2) + " " + subject(3) + " --out " + ids());
    succeed("train " + subject(2) + " --hold-out " + ids() + " --out " + path("decoder"));
    reconstruct("held-out", "held");
  }
  static void TearDownTestSuite() {
    delete folder;
    folder = nullptr;
  }

  static std::string path(const std::string& name) { return (*folder / name).string(); }
  static std::string subject(int number) { return path(fmt::format("all/subj{:02}", number)); }
  static std::string ids() { return path("ids.txt"); }
  static ProgramResult succeed(const std::string& line) {
    ProgramResult result = run_program(line);
    EXPECT_EQ(result.exit_code, 0) << line << "\n" << result.err;
    return result;
  }
  static void reconstruct(const std::string& trials, const std::string& out, const std::string& decoder = "decoder") {
    succeed("reconstruct " + subject(2) + " --low-only --decoder " + path(decoder) + " --trials " + trials + " --out " +
            path(out));
  }
  static Json evaluate(const std::string& results, const std::string& options) {
    return Json::parse(succeed("evaluate " + path(results) + " --json" + options).out);
  }
  static void expect_refusal(const std::string& line, int exit_code, const ::testing::Matcher<std::string>& message) {
    const ProgramResult result = run_program(line);
    EXPECT_EQ(result.exit_code, exit_code) << line;
    EXPECT_THAT(result.err, message);
    EXPECT_EQ(result.out, "");
  }

  static testing::TemporaryFolder* folder;
};

testing::TemporaryFolder* Benchmark::folder = nullptr;

TEST_F(Benchmark, ListsThePicturesThatTheSimulatorShared) {
  EXPECT_EQ(data::read_picture_ids(ids()), truly_shared());
  EXPECT_GE(truly_shared().size(), static_cast<size_t>(kTrain / 10));
}

TEST_F(Benchmark, OfAKnownListKeepsWhatTheSubjectHas) {
  write_file(path("known.txt"), "# the whole list\n" + truly_shared().front() + "\nnsd-72999 # not seen\n");
  const ProgramResult result =
      succeed("shared-pictures --subjects " + subject(1) + " --ids " + path("known.txt") + " --out " + path("own.txt"));
  EXPECT_EQ(data::read_picture_ids(path("own.txt")), (std::vector<std::string>{truly_shared().front()}));
  EXPECT_THAT(result.out, AllOf(HasSubstr("subj01       has 1 of them"), HasSubstr("the published benchmark has 982")));
}

TEST_F(Benchmark, RefusesOneSubjectAndTheSameOneTwice) {
  expect_refusal("shared-pictures --subjects " + subject(1) + " --out " + path("x.txt"), 2, HasSubstr("--ids"));
  expect_refusal("shared-pictures --subjects " + subject(1) + " " + subject(1) + " --out " + path("x.txt"),
                 2,
                 HasSubstr("are the same subject"));
  EXPECT_FALSE(fs::exists(path("x.txt")));
}

TEST_F(Benchmark, HeldOutTrialsAreTheListAndAreScoredAsSuch) {
  const Json scored = evaluate("held", " --preset mindeye1-982 --ids " + ids());
  std::set<std::string> own;
  for (const int64_t id : simulation::choose_pictures(42, 2, kTrain, kTest, kTest).train) own.insert(nsd_id(id));
  int64_t expected = 0;
  for (const std::string& id : truly_shared()) expected += own.contains(id) ? 1 : 0;
  EXPECT_EQ(scored["images"], expected);
  EXPECT_EQ(scored["training_rows"], 0);
  EXPECT_THAT(scored["notes"].dump(),
              AllOf(HasSubstr("0 others of the run are left out"), HasSubstr("are over 982 images, these over")));
}

TEST_F(Benchmark, OfALargerRunScoresTheListedPicturesAndOfASmallerOneSaysWhichAreMissing) {
  succeed("train " + subject(2) + " --hold-out 40 --out " + path("wide-decoder"));
  reconstruct("held-out", "wide", "wide-decoder");
  const auto made = read_file(path("wide") + "/trials.csv");
  std::string listed;
  for (const std::string& id : truly_shared()) listed += made.find(id) == std::string::npos ? "" : id + "\n";
  ASSERT_FALSE(listed.empty());
  write_file(path("listed.txt"), listed);
  const Json scored = evaluate("wide", " --ids " + path("listed.txt"));
  EXPECT_EQ(scored["images"], std::count(listed.begin(), listed.end(), '\n'));

  write_file(path("more.txt"), listed + "nsd-72998\n");
  expect_refusal("evaluate " + path("wide") + " --ids " + path("more.txt"),
                 4,
                 AllOf(HasSubstr("1 of the"), HasSubstr("nsd-72998"), HasSubstr("--trials file:")));
  write_file(path("numbers.txt"), "17\n");
  expect_refusal("evaluate " + path("wide") + " --ids " + path("numbers.txt"), 3, HasSubstr("bare number"));
}

TEST_F(Benchmark, ListedTrialsAreReconstructedByADecoderThatHeldNothingOutAndRefusedByName) {
  succeed("train " + subject(2) + " --out " + path("all-decoder"));
  reconstruct("file:" + ids(), "leaky", "all-decoder");
  const std::string line = "evaluate " + path("leaky");
  const Json trials = Json::parse(
      read_file(path("leaky") + "/trials.jsonl").substr(0, read_file(path("leaky") + "/trials.jsonl").find('\n')));
  expect_refusal(line,
                 4,
                 AllOf(HasSubstr("pictures were trained on: " + trials["picture"].get<std::string>()),
                       HasSubstr("trained on by all-decoder"),
                       HasSubstr("--allow-training-rows")));
  const Json scored = evaluate("leaky", " --allow-training-rows");
  EXPECT_EQ(scored["training_rows"], scored["images"]);
  EXPECT_THAT(scored["notes"].dump(), HasSubstr("TRAINED ON"));
  const Json noted = read_json(path("leaky") + "/manifest.json")["results"]["evaluations"]["native"];
  EXPECT_EQ(noted["allow_training_rows"], true);
  EXPECT_EQ(noted["trained_on"].size(), scored["images"].get<size_t>());
}

TEST_F(Benchmark, ComparesTwoRunsOfTheSameTrialsImageByImage) {
  succeed("train " + subject(2) + " --hold-out " + ids() + " --alpha 1e9 --out " + path("dull"));
  reconstruct("held-out", "dull-results", "dull");
  expect_refusal("evaluate " + path("held") + " --against " + path("dull-results"),
                 3,
                 HasSubstr("run fmri2img evaluate " + path("dull-results") + " first"));
  evaluate("dull-results", "");
  const Json comparison = evaluate("held", " --against " + path("dull-results"))["comparison"];
  const Json& mse = comparison["scores"]["mse"];
  EXPECT_NEAR(mse["difference"]["mean"].get<double>(), mse["first"].get<double>() - mse["second"].get<double>(), 1e-9);
  EXPECT_EQ(comparison["second"], "dull-results (dull)");
  EXPECT_EQ(read_json(path("held") + "/comparison_dull-results.json"), comparison);
  const ProgramResult table = succeed("evaluate " + path("held") + " --against " + path("dull-results"));
  EXPECT_THAT(table.out, HasSubstr("mean difference [95 % interval]"));
}

TEST_F(Benchmark, ComparesNeitherOtherTrialsNorAnotherSubject) {
  reconstruct("test", "test-results");
  evaluate("test-results", "");
  expect_refusal("evaluate " + path("held") + " --against " + path("test-results"),
                 4,
                 AllOf(HasSubstr("one is of train trials"), HasSubstr("the other of test trials")));
  succeed("train " + subject(1) + " --hold-out " + ids() + " --out " + path("other-decoder"));
  succeed("reconstruct " + subject(1) + " --low-only --trials held-out --decoder " + path("other-decoder") + " --out " +
          path("other-results"));
  evaluate("other-results", "");
  expect_refusal("evaluate " + path("held") + " --against " + path("other-results"),
                 4,
                 AllOf(HasSubstr("subj02"), HasSubstr("subj01")));
}

}  // namespace
}  // namespace fmri2img::commands
