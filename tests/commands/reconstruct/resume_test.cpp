// Claim: a killed `reconstruct` goes on where it stopped: no image is made twice, none is lost, none is half there.
// Source of truth: an uninterrupted run.
#include <gtest/gtest.h>

#include <csignal>
#include <map>

#include "fmri2img/core/fingerprint.h"
#include "tests/support/reference_data.h"
#include "tests/support/small_subject.h"
#include "tests/support/started_program.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img {
namespace {

namespace fs = std::filesystem;

class ReconstructResume : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::write_small_subject(folder_ / "subj", {.train_rows = 24, .test_rows = 240, .side = 32});
    const testing::ProgramResult trained = testing::run_program("train " + path("subj") + " --out " + path("decoder"));
    ASSERT_EQ(trained.exit_code, 0) << trained.err;
  }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  std::vector<std::string> command(const std::string& out) const {
    return {"reconstruct",
            path("subj"),
            "--decoder",
            path("decoder"),
            "--trials",
            "test",
            "--low-only",
            "--out",
            path(out)};
  }

  /// Every finished picture of a run and when it was written.
  std::map<std::string, fs::file_time_type> pictures(const std::string& out) const {
    std::map<std::string, fs::file_time_type> found;
    if (!fs::exists(folder_ / out)) return found;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / out)) {
      const std::string name = entry.path().lexically_relative(folder_ / out).string();
      const bool hidden = entry.path().filename().string().starts_with(".");
      if (entry.path().extension() == ".png" && !hidden && name != "grid.png") found[name] = entry.last_write_time();
    }
    return found;
  }

  testing::TemporaryFolder folder_;
};

TEST_F(ReconstructResume, MakesNoImageTwiceAndLosesNone) {
  testing::StartedProgram killed(command("cut"), folder_ / "output.txt");
  ASSERT_TRUE(killed.wait_until([&] { return pictures("cut").size() >= 40; }));
  killed.send(SIGKILL);
  ASSERT_EQ(killed.wait(), -SIGKILL);
  const auto before = pictures("cut");
  ASSERT_EQ(testing::StartedProgram(command("cut"), folder_ / "output.txt").wait(), 0);
  ASSERT_EQ(testing::StartedProgram(command("whole"), folder_ / "output.txt").wait(), 0);
  const auto after = pictures("cut"), whole = pictures("whole");
  ASSERT_EQ(after.size(), whole.size());
  for (const auto& [name, time] : before) EXPECT_EQ(after.at(name), time) << name << " was made again";
  for (const auto& [name, time] : whole) {
    ASSERT_TRUE(after.contains(name)) << name << " was lost";
    EXPECT_EQ(fingerprint(folder_ / "cut" / name), fingerprint(folder_ / "whole" / name)) << name;
  }
  for (const char* table : {"results.csv", "results.json"}) {
    EXPECT_EQ(fs::exists(folder_ / "cut" / table), fs::exists(folder_ / "whole" / table)) << table;
  }
}

TEST_F(ReconstructResume, StopsPolitely) {
  testing::StartedProgram stopped(command("cut"), folder_ / "output.txt");
  ASSERT_TRUE(stopped.wait_until([&] { return pictures("cut").size() >= 20; }));
  stopped.send(SIGINT);
  EXPECT_EQ(stopped.wait(), 75);
  EXPECT_EQ(testing::StartedProgram(command("cut"), folder_ / "output.txt").wait(), 0);
}

}  // namespace
}  // namespace fmri2img
