// Claim: the demo runs the whole pipeline from nothing to a page, leaves everything where it says, and may be run
// again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <sstream>
#include <vector>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::commands {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::ProgramResult;
using testing::run_program;

/// What a decoder's blurry picture is taken for, and how near the image that is made of both comes to the target, by
/// the zoo's CLIP.
struct Candidate {
  const char* caption;
  double similarity;
};

/// In the order of the decoders: all vertices, set1, set2, set3.
struct ExpectedTrial {
  std::array<Candidate, 4> candidates;
  const char* voted;      ///< null: by so little that it may be another one elsewhere
  double similarity = 0;  ///< of the voted
};

constexpr size_t kCandidates = 5;  // those of the decoders, and that of their average

constexpr std::array<ExpectedTrial, 3> kTrials = {
    {{.candidates = {{{"a small blue car on the sea", 0.327},
                      {"a small purple sign on the street", -0.131},
                      {"a small brown flower on the street", -0.163},
                      {"a small blue car on the sea", 0.220}}},
      .voted = nullptr},
     {.candidates = {{{"a red fish and a face with yellow hair in the snow", 0.818},
                      {"a large face with purple hair and a red house in the snow", 0.512},
                      {"a small red ball and a brown train in the snow", 0.665},
                      {"a red fish and a face with yellow hair in the snow", 0.792}}},
      .voted = "ridge-all",
      .similarity = 0.818},
     {.candidates = {{{"a small red tree at night", 0.864},
                      {"a small brown tree at night", 0.480},
                      {"a small brown fish on the street", 0.212},
                      {"a small red flower at night", 0.809}}},
      .voted = "ridge-all",
      .similarity = 0.864}}};

class Demo : public ::testing::Test {
 protected:
  ProgramResult run(const std::string& options, const std::string& name = "demo", const std::string& before = "") {
    return run_program(
        "demo --vertices 400 --train 120 --test 12 --epochs 2 --out " + (folder / name).string() + " " + options,
        before);
  }

  /// Those of a run on a Zen 4. Other processors round otherwise: pictures barely change, a caption may.
  static void expect_figures(const fs::path& results) {
    const Json others = read_json(results / "evaluation.json").at("others");
    const auto correlation = [&](const char* name) {
      return others.at(name).at("pixel_correlation").at("mean").get<double>();
    };
    EXPECT_NEAR(correlation("ridge-all low"), 0.4745, 0.02);
    EXPECT_NEAR(correlation("ridge-set1 low"), 0.3614, 0.02);
    EXPECT_NEAR(correlation("ridge-set2 low"), 0.1050, 0.02);
    expect_candidates(results);
  }

  /// The captioner and the diffusion model of one trial after the other, then the vote among what they made. Where a
  /// caption is another one, its high-level image is too, and its trial's vote may be.
  static void expect_candidates(const fs::path& results) {
    const std::vector<Json> candidates = read_lines(results / "trials.jsonl"),
                            picks = read_lines(results / "picks.jsonl");
    ASSERT_EQ(candidates.size(), kTrials.size() * kCandidates);
    ASSERT_EQ(picks.size(), kTrials.size());
    size_t equal_captions = 0;
    for (size_t trial = 0; trial < kTrials.size(); ++trial) {
      size_t equal_here = 0;
      for (size_t decoder = 0; decoder < 4; ++decoder) {
        const Json& found = candidates[trial * kCandidates + decoder];
        const Candidate& expected = kTrials[trial].candidates[decoder];
        SCOPED_TRACE(found.at("model").get<std::string>() + ", trial " + std::to_string(trial));
        if (found.at("caption") != expected.caption) continue;
        ++equal_here;
        EXPECT_NEAR(found.at("high_target").get<double>(), expected.similarity, 0.05);
      }
      equal_captions += equal_here;
      if (equal_here < 4 || kTrials[trial].voted == nullptr) continue;
      EXPECT_EQ(picks[trial].at("voted"), kTrials[trial].voted) << "trial " << trial;
      EXPECT_NEAR(picks[trial].at("similarity").get<double>(), kTrials[trial].similarity, 0.05) << "trial " << trial;
    }
    EXPECT_GE(equal_captions, 10);
  }

  static std::vector<Json> read_lines(const fs::path& file) {
    std::istringstream text(read_file(file));
    std::vector<Json> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(Json::parse(line));
    return lines;
  }

  testing::TemporaryFolder folder;
};

TEST_F(Demo, RunsFromNothingToAPage) {
  const ProgramResult result = run("--trials 3");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  for (const char* file : {"manifest.json",
                           "subject/training_split/training_fmri/lh_training_fmri.npy",
                           "subject/training_split/fMRI_VAE.npy",
                           "decoders/ridge-all/model.safetensors",
                           "decoders/ridge-set3/model.safetensors",
                           "decoders/mlp/model.safetensors",
                           "results/candidates/ridge-set1/high_2.png",
                           "results/result_2.png",
                           "results/votes.json",
                           "results/evaluation.json",
                           "results_mlp/candidates/mlp/low_2.png",
                           "results_mlp/evaluation.json"}) {
    EXPECT_TRUE(fs::exists(folder / "demo" / file)) << file;
  }
  for (const char* step : {"simulate", "doctor", "encode", "train", "reconstruct", "evaluate", "report"})
    EXPECT_THAT(result.out, HasSubstr(std::string("$ fmri2img ") + step));
  const fs::path page = folder / "demo/results/report.html";
  EXPECT_THAT(result.out.substr(result.out.rfind("$ fmri2img")), HasSubstr(page.string()));
  EXPECT_THAT(read_file(page), AllOf(HasSubstr("<b>voted</b>"), HasSubstr("results_mlp: mlp")));
  expect_figures(folder / "demo/results");
  EXPECT_EQ(run("--trials 3").exit_code, 0);
  EXPECT_EQ(run("--trials 4").exit_code, 2);
}

TEST_F(Demo, MakesTheSameHoweverOftenItIsKilled) {
  ASSERT_EQ(run("--trials 1", "whole").exit_code, 0);
  for (const char* seconds : {"1.5", "2.5", "3.5", "4.5", "6", "8"})
    run("--trials 1", "killed", std::string("timeout --signal=KILL ") + seconds);
  const ProgramResult result = run("--trials 1", "killed");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  for (const char* file : {"subject/training_split/fMRI_VAE.npy",
                           "decoders/ridge-set2/model.safetensors",
                           "decoders/mlp/model.safetensors",
                           "results/trials.csv",
                           "results/picks.csv",
                           "results/candidates/ridge-all/high_0.png",
                           "results/candidates/average/high_0.png",
                           "results/encoding_model/model.safetensors",
                           "results/result_0.png",
                           "results/evaluation.csv",
                           "results_mlp/evaluation.csv"}) {
    EXPECT_EQ(read_file(folder / "killed" / file), read_file(folder / "whole" / file)) << file;
  }
}

TEST(MiniZoo, IsWhole) {
  const ProgramResult result = run_program("doctor --zoo " + testing::test_data("../../zoo/mini").string());
  EXPECT_EQ(result.exit_code, 0) << result.out;
  EXPECT_THAT(result.out, HasSubstr("0 errors, 0 warnings"));
}

TEST_F(Demo, RefusesMoreTrialsThanThereAre) {
  const ProgramResult result = run("--trials 13");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, AllOf(HasSubstr("--trials 13"), HasSubstr("12 test pictures")));
}

}  // namespace
}  // namespace fmri2img::commands
