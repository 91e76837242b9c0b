// Claims: experiment 1 trains the very decoders that `train` does, goes on after a kill without training a finished one
// again, and comes to the same as independent tasks. Source of truth: the uninterrupted run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "fmri2img/core/fingerprint.h"
#include "tests/commands/experiment/experiment_folder.h"

namespace fmri2img {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::StartedProgram;
using Words = std::vector<std::string>;

class ExperimentOne : public testing::ExperimentFolder {
 protected:
  /// Four models of a few hundred milliseconds each.
  static Words command(const std::string& out, const Words& more = {}) {
    Words words = {"experiment", "1",          "@subj",    "--roi",   "early",   "none",  "--batch",
                   "4",          "8",          "--epochs", "3",       "--width", "16",    "--blocks",
                   "1",          "--channels", "32",       "--codec", "pixels",  "--out", "@" + out};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }

  std::string weights(const std::string& decoder) const { return fingerprint(folder_ / decoder / "model.safetensors"); }
};

TEST_F(ExperimentOne, TrainsWhatTrainTrains) {
  ASSERT_EQ(run(command("whole")), 0) << output();
  EXPECT_THAT(output(), HasSubstr("Losses of every decoder"));
  ASSERT_EQ(
      run({"train",   "@subj", "--decoder", "mlp", "--roi",      "early", "--batch", "8",      "--epochs", "3",
           "--width", "16",    "--blocks",  "1",   "--channels", "32",    "--codec", "pixels", "--out",    "@alone"}),
      0)
      << output();
  EXPECT_EQ(weights("whole/models/early-batch-8"), weights("alone"));
  const findings::Finding found = finding("whole");
  EXPECT_EQ(found.id, "experiment-1");
  ASSERT_EQ(found.tables[0].rows.size(), 4U);
  EXPECT_EQ(found.tables[0].rows[3][0], "none");
  EXPECT_EQ(found.tables[0].rows[3][2], "120");
  EXPECT_EQ(found.charts[1].series[0].x.size(), 3U) << "losses by epoch; the first chart has the lowest ones";
  expect_charts("whole");
  EXPECT_FALSE(fs::exists(folder_ / "whole/models/none-batch-4/checkpoints"));
}

TEST_F(ExperimentOne, GoesOnAfterAKill) {
  ASSERT_EQ(run(command("whole")), 0) << output();
  const fs::path first = folder_ / "cut/models/early-batch-4", third = folder_ / "cut/models/none-batch-4";
  StartedProgram killed(expand(command("cut")), folder_ / "output.txt");
  ASSERT_TRUE(killed.wait_until([&] { return fs::exists(third / "log.csv"); })) << output();
  killed.send(SIGKILL);
  ASSERT_EQ(killed.wait(), -SIGKILL);
  const auto time = fs::last_write_time(first / "model.safetensors");
  ASSERT_EQ(run(command("cut")), 0) << output();
  EXPECT_EQ(fs::last_write_time(first / "model.safetensors"), time) << "trained again";
  EXPECT_EQ(text("cut/curves.csv"), text("whole/curves.csv"));
  EXPECT_EQ(weights("cut/models/none-batch-4"), weights("whole/models/none-batch-4"));
}

TEST_F(ExperimentOne, StopsPolitelyAndSaysHowToGoOn) {
  StartedProgram stopped(expand(command("cut")), folder_ / "output.txt");
  ASSERT_TRUE(stopped.wait_until([&] { return fs::exists(folder_ / "cut/models/early-batch-4/log.csv"); }));
  stopped.send(SIGTERM);
  EXPECT_EQ(stopped.wait(), 75);
  EXPECT_THAT(output(), HasSubstr("run the same command again to go on"));
  EXPECT_EQ(run(command("cut")), 0) << output();
}

TEST_F(ExperimentOne, TasksOfAJobArrayComeToTheSame) {
  ASSERT_EQ(run(command("whole")), 0) << output();
  {
    std::vector<std::unique_ptr<StartedProgram>> tasks;  // all at one moment, as a scheduler starts them
    for (const char* task : {"3", "0", "2", "1"}) {
      tasks.push_back(std::make_unique<StartedProgram>(expand(command("array", {"--task", task})),
                                                       folder_ / ("task" + std::string(task) + ".txt")));
    }
    for (const auto& task : tasks) EXPECT_EQ(task->wait(), 0) << text("task0.txt") << text("task3.txt");
  }
  EXPECT_FALSE(fs::exists(folder_ / "array/finding.json")) << "no task collects";
  const auto time = fs::last_write_time(folder_ / "array/models/none-batch-8/model.safetensors");
  ASSERT_EQ(run(command("array")), 0) << output();
  EXPECT_EQ(fs::last_write_time(folder_ / "array/models/none-batch-8/model.safetensors"), time);
  EXPECT_EQ(text("array/curves.csv"), text("whole/curves.csv"));
  EXPECT_EQ(text("array/finding.json"), text("whole/finding.json"));
}

TEST_F(ExperimentOne, AnotherRunIsRefusedAndMayBeReplaced) {
  ASSERT_EQ(run(command("out", {"--seed", "1"})), 0) << output();
  EXPECT_EQ(run(command("out", {"--seed", "2"})), 2);
  EXPECT_THAT(output(), HasSubstr("\"seed\" is 1 there and 2 here"));
  EXPECT_EQ(run(command("out", {"--seed", "1"})), 0);
  EXPECT_THAT(output(), HasSubstr("finished already"));
  EXPECT_THAT(output(), HasSubstr("Losses of every decoder")) << "shown again";
  const std::string before = text("out/curves.csv");
  EXPECT_EQ(run(command("out", {"--seed", "2", "--overwrite"})), 0) << output();
  EXPECT_NE(text("out/curves.csv"), before);
}

TEST_F(ExperimentOne, FindsMistakesBeforeAnythingIsTrained) {
  EXPECT_EQ(run(command("out", {"--task", "4"})), 2);
  EXPECT_THAT(output(), HasSubstr("there are 4 models, 0 .. 3"));
  EXPECT_EQ(run(command("out", {"--task", "1", "--overwrite"})), 2);
  EXPECT_THAT(output(), HasSubstr("would remove what the other tasks made"));
  EXPECT_EQ(
      run({"experiment", "1", "@subj", "--roi", "early", "V9", "--batch", "4", "--codec", "pixels", "--out", "@out"}),
      3);
  EXPECT_THAT(output(), HasSubstr("V9"));
  EXPECT_EQ(run({"experiment", "1", "@subj", "--roi", "early", "--codec", "pixels", "--out", "@out"}), 2);
  EXPECT_THAT(output(), HasSubstr("only 42 training rows"));
  EXPECT_FALSE(fs::exists(folder_ / "out"));
}

}  // namespace
}  // namespace fmri2img
