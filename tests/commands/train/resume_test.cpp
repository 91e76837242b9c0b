// Claim: `train --decoder mlp` stopped at any moment, by force or politely, ends with the very weights of an
// uninterrupted run. Source of truth: that run, bit by bit.
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <fstream>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/json.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/small_disk.h"
#include "tests/support/small_subject.h"
#include "tests/support/started_program.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img {
namespace {

namespace fs = std::filesystem;
using testing::StartedProgram;

class TrainResume : public ::testing::Test {
 protected:
  void SetUp() override { testing::write_small_subject(folder_ / "subj", {.train_rows = 40}); }

  std::vector<std::string> command(const std::string& out, std::vector<std::string> more = {}) const {
    std::vector<std::string> words = {"train",
                                      (folder_ / "subj").string(),
                                      "--decoder",
                                      "mlp",
                                      "--codec",
                                      "pixels",
                                      "--width",
                                      "32",
                                      "--blocks",
                                      "1",
                                      "--batch",
                                      "4",
                                      "--channels",
                                      "32",
                                      "--epochs",
                                      "12",
                                      "--threads",
                                      "1",
                                      "--shuffle",
                                      "--out",
                                      (folder_ / out).string()};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  /// Steps that the run's table holds so far.
  int64_t steps(const std::string& out) const {
    const fs::path log = folder_ / out / "log.csv";
    if (!fs::exists(log)) return 0;
    const std::string text = read_file(log);
    return std::count(text.begin(), text.end(), '\n') - 1;
  }

  int run(const std::string& out, std::vector<std::string> more = {}) const {
    return StartedProgram(command(out, std::move(more)), folder_ / "output.txt").wait();
  }

  std::string output() const { return read_file(folder_ / "output.txt"); }
  std::string weights(const std::string& out) const { return fingerprint(folder_ / out / "model.safetensors"); }

  testing::TemporaryFolder folder_;
};

TEST_F(TrainResume, SurvivesBeingKilled) {
  ASSERT_EQ(run("whole"), 0) << output();
  for (const int64_t moment : {1, 30, 33}) {  // during the first epoch, and in later ones
    StartedProgram killed(command("cut", {"--resume"}), folder_ / "output.txt");
    ASSERT_TRUE(killed.wait_until([&] { return steps("cut") >= moment; })) << output();
    killed.send(SIGKILL);
    ASSERT_EQ(killed.wait(), -SIGKILL);
    EXPECT_FALSE(fs::exists(folder_ / "cut/config.json")) << "half a decoder must not look like one";
  }
  ASSERT_EQ(run("cut", {"--resume"}), 0) << output();
  EXPECT_EQ(weights("cut"), weights("whole"));
  EXPECT_EQ(read_file(folder_ / "cut/log.csv"), read_file(folder_ / "whole/log.csv"));
}

TEST_F(TrainResume, StopsPolitelyAndSaysHowToGoOn) {
  ASSERT_EQ(run("whole"), 0) << output();
  StartedProgram stopped(command("cut"), folder_ / "output.txt");
  ASSERT_TRUE(stopped.wait_until([&] { return steps("cut") >= 10; })) << output();
  stopped.send(SIGTERM);
  EXPECT_EQ(stopped.wait(), 75);
  EXPECT_NE(output().find("--resume"), std::string::npos) << output();
  EXPECT_EQ(run("cut"), 2) << "without --resume";
  EXPECT_NE(output().find("go on with --resume"), std::string::npos) << output();
  ASSERT_EQ(run("cut", {"--resume"}), 0) << output();
  EXPECT_EQ(weights("cut"), weights("whole"));
}

// The disk holds what the run asks for at its start and little more, and fills up in the middle of it.
TEST_F(TrainResume, GoesOnOnTheDiskThatItStartedOn) {
  const std::vector<std::string> keep = {"--keep-every", "1", "--resume"};
  ASSERT_EQ(run("whole", keep), 0) << output();
  const uintmax_t checkpoint = fs::file_size(folder_ / "whole/checkpoints/last.safetensors");
  const testing::SmallDisk disk(folder_ / "disk", std::to_string((4 + 12) * (checkpoint + 65536) + 262144));
  if (!disk.error().empty()) GTEST_SKIP() << "cannot mount a small file system here: " << disk.error();
  StartedProgram started(command("disk/cut", keep), folder_ / "output.txt");
  ASSERT_TRUE(started.wait_until([&] { return steps("disk/cut") >= 40; })) << output();
  started.send(SIGSTOP);
  std::ofstream(disk / "filler") << std::string(64 * checkpoint, 'x');
  started.send(SIGCONT);
  ASSERT_EQ(started.wait(), 1) << output();
  // Either the next line of the log finds the disk full, or the next checkpoint asks for its room first.
  EXPECT_NE(output().find("make room"), std::string::npos) << output();
  fs::remove(disk / "filler");
  // What a killed run had begun to write is as large as a checkpoint, and of no use.
  fs::copy_file(disk / "cut/checkpoints/last.safetensors", disk / "cut/checkpoints/.last.safetensors.tmp-999999999");
  ASSERT_EQ(run("disk/cut", keep), 0) << output();
  EXPECT_EQ(weights("disk/cut"), weights("whole"));
  EXPECT_FALSE(fs::exists(disk / "cut/checkpoints/.last.safetensors.tmp-999999999"));
}

TEST_F(TrainResume, RefusesAnotherRunInTheSameFolder) {
  ASSERT_EQ(run("whole"), 0) << output();
  EXPECT_EQ(run("whole", {"--resume", "--seed", "7"}), 2);
  EXPECT_NE(output().find("\"seed\" is 42 there and 7 here"), std::string::npos) << output();
  const std::string before = weights("whole");
  EXPECT_EQ(run("whole", {"--resume"}), 0) << "finished already";
  EXPECT_EQ(weights("whole"), before);
}

TEST_F(TrainResume, IsRefusedWhereTheHoldOutFileNamesOtherRows) {
  const fs::path file = folder_ / "held-out.txt";
  write_file(file, "3\n7\n");
  ASSERT_EQ(run("held", {"--hold-out", file.string()}), 0);
  const Json inputs = read_json(folder_ / "held/manifest.json")["inputs"];
  EXPECT_EQ(inputs[fs::weakly_canonical(file).string()], fingerprint(file));
  write_file(file, "3\n8\n");
  EXPECT_EQ(run("held", {"--hold-out", file.string(), "--resume"}), 2) << "the same name, other pictures";
}

}  // namespace
}  // namespace fmri2img
