// Claims, with the real models at their smallest: an image of a guided run is what `img2img` makes of its low-level
// picture, caption and seed; it does not depend on its batch; and a killed run goes on where it stopped.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <map>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/json.h"
#include "fmri2img/io/image.h"
#include "tests/support/reference_data.h"
#include "tests/support/small_subject.h"
#include "tests/support/started_program.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kTrials = 6;

class GuidedReconstruction : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::write_small_subject(folder_ / "subj", {.train_rows = 24, .test_rows = kTrials, .side = 32});
    const testing::ProgramResult trained = testing::run_program("train " + path("subj") + " --out " + path("decoder"));
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
    fs::copy(folder_ / "decoder", folder_ / "other", fs::copy_options::recursive);
  }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  std::vector<std::string> command(const std::string& out, const std::vector<std::string>& rest = {}) const {
    std::vector<std::string> words = {"reconstruct",
                                      path("subj"),
                                      "--decoder",
                                      path("decoder"),
                                      "--decoder",
                                      path("other"),
                                      "--trials",
                                      "test",
                                      "--steps",
                                      "8",
                                      "--dtype",
                                      "fp32",
                                      "--stable-diffusion",
                                      testing::test_data("img2img/sd1").string(),
                                      "--clip",
                                      testing::test_data("clip/clip").string(),
                                      "--blip",
                                      testing::test_data("blip/saved").string(),
                                      "--out",
                                      path(out)};
    words.insert(words.end(), rest.begin(), rest.end());
    return words;
  }

  int run(const std::string& out, const std::vector<std::string>& rest = {}) const {
    return testing::StartedProgram(command(out, rest), folder_ / "output.txt").wait();
  }

  std::map<std::string, fs::file_time_type> pictures(const std::string& out) const {
    std::map<std::string, fs::file_time_type> found;
    if (!fs::exists(folder_ / out)) return found;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / out)) {
      const bool hidden = entry.path().filename().string().starts_with(".");
      if (entry.path().extension() != ".png" || hidden) continue;
      found[entry.path().lexically_relative(folder_ / out).string()] = entry.last_write_time();
    }
    return found;
  }

  /// The share of values that differ by more than one level.
  static double share_off(const fs::path& one, const fs::path& other) {
    const at::Tensor difference = (io::read_image(one).to(at::kInt) - io::read_image(other).to(at::kInt)).abs();
    return (difference > 1).to(at::kDouble).mean().item<double>();
  }

  /// The rows of trials.jsonl.
  std::vector<Json> rows(const std::string& out) const {
    std::vector<Json> found;
    std::istringstream lines(read_file(folder_ / out / "trials.jsonl"));
    for (std::string line; std::getline(lines, line);) found.push_back(parse_json(line, "trials.jsonl"));
    return found;
  }

  /// A row's high-level image is what `img2img` with these options makes of its low-level picture, caption and seed.
  void expect_as_img2img(const std::string& out, const Json& row, const std::vector<std::string>& options = {}) const {
    std::vector<std::string> words = {"img2img",
                                      "--image",
                                      path(out + "/" + row["low"].get<std::string>()),
                                      "--prompt",
                                      row["caption"].get<std::string>(),
                                      "--seed",
                                      std::to_string(row["seed"].get<uint64_t>()),
                                      "--steps",
                                      "8",
                                      "--model",
                                      testing::test_data("img2img/sd1").string(),
                                      "--out",
                                      path("alone.png")};
    words.insert(words.end(), options.begin(), options.end());
    ASSERT_EQ(testing::StartedProgram(words, folder_ / "output.txt").wait(), 0) << read_file(folder_ / "output.txt");
    EXPECT_LE(share_off(folder_ / out / row["high"].get<std::string>(), folder_ / "alone.png"), 1e-3);
  }

  testing::TemporaryFolder folder_;
};

TEST_F(GuidedReconstruction, MakesWhatImg2ImgMakes) {
  ASSERT_EQ(run("results"), 0) << read_file(folder_ / "output.txt");
  const std::vector<Json> made = rows("results");
  ASSERT_EQ(made.size(), static_cast<size_t>(2 * kTrials));
  expect_as_img2img("results", made.front());
  expect_as_img2img("results", made.back());
}

TEST_F(GuidedReconstruction, TakesWhatElseImg2ImgTakes) {
  ASSERT_EQ(run("plain"), 0) << read_file(folder_ / "output.txt");
  const std::vector<std::vector<std::string>> choices = {
      {"--negative", "a dog"}, {"--guidance-until", "0.5"}, {"--reuse-features", "3"}};
  for (size_t i = 0; i < choices.size(); ++i) {
    SCOPED_TRACE(choices[i].front());
    const std::string out = "other" + std::to_string(i);
    ASSERT_EQ(run(out, choices[i]), 0) << read_file(folder_ / "output.txt");
    const Json row = rows(out).front();
    expect_as_img2img(out, row, choices[i]);
    const auto high = row["high"].get<std::string>();
    EXPECT_NE(fingerprint(folder_ / out / high), fingerprint(folder_ / "plain" / high)) << "it changed nothing";
    EXPECT_EQ(run("plain", choices[i]), 2) << "gone on with as if it were the same run";
    EXPECT_THAT(read_file(folder_ / "output.txt"), ::testing::HasSubstr("holds another run"));
  }
}

TEST_F(GuidedReconstruction, AnImageDoesNotDependOnItsBatch) {
  ASSERT_EQ(run("singly", {"--batch", "1"}), 0) << read_file(folder_ / "output.txt");
  ASSERT_EQ(run("together", {"--batch", "5"}), 0) << read_file(folder_ / "output.txt");
  for (const Json& row : rows("singly")) {
    const auto high = row["high"].get<std::string>();
    EXPECT_LE(share_off(folder_ / "singly" / high, folder_ / "together" / high), 1e-3) << high;
  }
}

TEST_F(GuidedReconstruction, GoesOnAfterAKill) {
  const std::vector<std::string> one_by_one = {"--batch", "1"};
  ASSERT_EQ(run("whole", one_by_one), 0) << read_file(folder_ / "output.txt");
  const auto whole = pictures("whole");
  for (const size_t progress : {whole.size() / 3, 2 * whole.size() / 3}) {
    testing::StartedProgram killed(command("cut", one_by_one), folder_ / "output.txt");
    ASSERT_TRUE(killed.wait_until([&] { return pictures("cut").size() >= progress; }));
    killed.send(SIGKILL);
    ASSERT_EQ(killed.wait(), -SIGKILL);
  }
  const auto before = pictures("cut");
  ASSERT_EQ(run("cut", one_by_one), 0) << read_file(folder_ / "output.txt");
  const auto after = pictures("cut");
  ASSERT_EQ(after.size(), whole.size());
  for (const auto& [name, time] : before) EXPECT_EQ(after.at(name), time) << name << " was made again";
  for (const auto& [name, time] : whole) {
    ASSERT_TRUE(after.contains(name)) << name << " was lost";
    EXPECT_EQ(fingerprint(folder_ / "cut" / name), fingerprint(folder_ / "whole" / name)) << name;
  }
}

TEST_F(GuidedReconstruction, RecordsTheCosinesOfEveryPairOfModels) {
  ASSERT_EQ(run("results"), 0) << read_file(folder_ / "output.txt");
  const std::vector<Json> made = rows("results");
  for (size_t i = 0; i < made.size(); i += 2) {
    const Json &one = made[i]["high_high"], &other = made[i + 1]["high_high"];
    ASSERT_EQ(one.size(), 1U);
    EXPECT_EQ(one["other"], other["decoder"]) << "one pair";
    EXPECT_EQ(one["other"], made[i]["consensus"]) << "the mean over one other";
  }
  EXPECT_THAT(read_file(folder_ / "results/trials.csv"), ::testing::HasSubstr(",high_high_decoder,high_high_other\n"));
}

// Version 3 had no cosines of pairs.
TEST_F(GuidedReconstruction, RunAgainOnAnEarlierFolderAddsWhatItLacks) {
  ASSERT_EQ(run("results"), 0) << read_file(folder_ / "output.txt");
  const std::string table = read_file(folder_ / "results/trials.jsonl");
  Json record = read_json(folder_ / "results/results.json");
  record["version"] = 3;
  write_json(folder_ / "results/results.json", record);
  std::string earlier;
  for (Json row : rows("results")) {
    row.erase("high_high");
    earlier += row.dump() + "\n";
  }
  write_file(folder_ / "results/trials.jsonl", earlier);
  const testing::ProgramResult evaluated = testing::run_program("evaluate " + path("results"));
  EXPECT_EQ(evaluated.exit_code, 0) << evaluated.err;
  const auto before = pictures("results");
  ASSERT_EQ(run("results"), 0) << read_file(folder_ / "output.txt");
  EXPECT_EQ(read_file(folder_ / "results/trials.jsonl"), table);
  EXPECT_EQ(read_json(folder_ / "results/results.json")["version"], 4);
  for (const auto& [name, time] : before) {
    if (name.starts_with("candidates")) {
      EXPECT_EQ(pictures("results").at(name), time) << name << " was made again";
    }
  }
}

TEST_F(GuidedReconstruction, RefusesHalfPrecisionOnACpu) {
  std::vector<std::string> words = command("results", {"--device", "cpu"});
  *std::ranges::find(words, "fp32") = "fp16";
  EXPECT_EQ(testing::StartedProgram(words, folder_ / "output.txt").wait(), 2);
  EXPECT_THAT(read_file(folder_ / "output.txt"),
              ::testing::HasSubstr("--dtype fp16 needs a GPU; on a CPU choose fp32 or bf16"));
  EXPECT_FALSE(fs::exists(folder_ / "results"));
}

}  // namespace
}  // namespace fmri2img
