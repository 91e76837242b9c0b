// Claims: experiments 2 and 3 score trained decoders on the parts of their own splits and say what the rows were; what
// is finished is not made again. Experiment 3 runs on the miniature zoo.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "tests/commands/experiment/experiment_folder.h"

namespace fmri2img {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::StartedProgram;
using Words = std::vector<std::string>;

class ScoredDecoders : public testing::ExperimentFolder {
 protected:
  void train(const std::string& name, const Words& options) {
    Words words = {"train", "@subj", "--out", "@" + name};
    words.insert(words.end(), options.begin(), options.end());
    ASSERT_EQ(run(words), 0) << output();
  }

  void train_mlp(const std::string& codec) {
    train("92",
          {"--decoder",
           "mlp",
           "--codec",
           codec,
           "--width",
           "16",
           "--blocks",
           "1",
           "--channels",
           "32",
           "--batch",
           "8",
           "--epochs",
           "2"});
  }
};

TEST_F(ScoredDecoders, ExperimentTwoScoresEachPartOfEachSplit) {
  train_mlp("pixels");
  train("ridge", {"--codec", "pixels", "--hold-out", "10"});
  const Words command = {
      "experiment", "2", "@subj", "--decoder", "@92", "--decoder", "@ridge", "--batch", "16", "--out", "@out"};
  ASSERT_EQ(run(command), 0) << output();
  const std::string first = text("out/errors.csv");
  const findings::Finding found = finding("out");
  const auto& rows = found.tables[0].rows;
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_THAT(rows[0], ::testing::ElementsAre("92", "training rows", "42", ::testing::_, ::testing::_));
  EXPECT_THAT(rows[1], ::testing::ElementsAre("92", "validation rows", "18", ::testing::_, ::testing::_));
  EXPECT_THAT(rows[3], ::testing::ElementsAre("ridge", "held-out rows", "10", ::testing::_, ::testing::_));
  EXPECT_NE(rows[0][3], rows[0][4].substr(0, 6)) << "42 rows in batches of 16: the mean of batch means is another";
  EXPECT_THAT(output(), HasSubstr("Training rows are scored by definition"));
  expect_charts("out");

  // The trainer's own validation loss is the mean of batch means at its batch.
  ASSERT_EQ(run({"experiment", "2", "@subj", "--decoder", "@92", "--batch", "8", "--out", "@at8"}), 0) << output();
  const double best = read_json(folder_ / "92/training.json")["settings"]["best_validation_loss"].get<double>();
  EXPECT_NEAR(std::stod(finding("at8").tables[0].rows[1][3]), best, 6e-5);
}

TEST_F(ScoredDecoders, ExperimentTwoGoesOnWhereItStopped) {
  train("ridge", {"--codec", "pixels", "--hold-out", "10"});
  const Words command = {"experiment", "2", "@subj", "--decoder", "@ridge", "--out", "@out"};
  ASSERT_EQ(run(command), 0) << output();
  const std::string whole = text("out/errors.csv");
  Json manifest = read_json(folder_ / "out/manifest.json");
  manifest["finished"] = "";
  write_json(folder_ / "out/manifest.json", manifest);  // as if it had been killed after the first part
  fs::remove(folder_ / "out/rows/ridge_held-out.csv");
  const auto time = fs::last_write_time(folder_ / "out/rows/ridge_training.csv");
  ASSERT_EQ(run(command), 0) << output();
  EXPECT_EQ(text("out/errors.csv"), whole);
  EXPECT_EQ(fs::last_write_time(folder_ / "out/rows/ridge_training.csv"), time) << "scored again";
}

TEST_F(ScoredDecoders, ExperimentTwoAsksForDecodersOfThisSubject) {
  EXPECT_EQ(run({"experiment", "2", "@subj", "--out", "@out"}), 2);
  EXPECT_THAT(output(), HasSubstr("experiment 2 needs trained decoders"));
  train("ridge", {"--codec", "pixels"});
  ASSERT_EQ(run({"simulate",
                 "--vertices",
                 "120",
                 "--train",
                 "30",
                 "--test",
                 "0",
                 "--picture-size",
                 "16",
                 "--seed",
                 "7",
                 "--out",
                 "@other"}),
            0)
      << output();
  EXPECT_EQ(run({"experiment", "2", "@other", "--decoder", "@ridge", "--out", "@out"}), 4);
  EXPECT_THAT(output(), HasSubstr("do not belong together"));
}

TEST_F(ScoredDecoders, ExperimentThreeRunsOnTheMiniatureZooAndGoesOnAfterAKill) {
  const std::string zoo = testing::test_data("../../zoo/mini").string();
  ASSERT_EQ(run({"encode", "@subj", "--model", zoo + "/stable-diffusion"}), 0) << output();
  train_mlp("vae");
  const Words command = {"experiment",
                         "3",
                         "@subj",
                         "--decoder",
                         "@92",
                         "--zoo",
                         zoo,
                         "--trials",
                         "2",
                         "--steps",
                         "4",
                         "--batch",
                         "1",
                         "--dtype",
                         "fp32",
                         "--out"};
  const auto to = [&](const std::string& out) {
    Words words = command;
    words.push_back("@" + out);
    return words;
  };
  ASSERT_EQ(run(to("whole")), 0) << output();
  StartedProgram killed(expand(to("cut")), folder_ / "output.txt");
  ASSERT_TRUE(killed.wait_until([&] { return fs::exists(folder_ / "cut/rows/92_training.csv"); })) << output();
  killed.send(SIGKILL);
  ASSERT_EQ(killed.wait(), -SIGKILL);
  const auto time = fs::last_write_time(folder_ / "cut/rows/92_training.csv");
  ASSERT_EQ(run(to("cut")), 0) << output();
  EXPECT_EQ(fs::last_write_time(folder_ / "cut/rows/92_training.csv"), time) << "made again";
  EXPECT_EQ(text("cut/similarities.csv"), text("whole/similarities.csv"));
  const findings::Finding found = finding("whole");
  ASSERT_EQ(found.tables[0].rows.size(), 2U);
  EXPECT_EQ(found.tables[0].rows[0][1], "training rows");
  EXPECT_EQ(found.tables[0].rows[1][1], "validation rows");
  EXPECT_EQ(found.tables[0].rows[1][2], "2");
  expect_charts("whole");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "whole/targets"), {}), 4) << "decoded latents, two a part";

  Words pictures = to("cut");
  pictures.insert(pictures.end(), {"--target", "picture"});
  EXPECT_EQ(run(pictures), 2) << "another run";
  EXPECT_THAT(output(), HasSubstr("\"target\" is \"latents\" there and \"picture\" here"));
}

TEST_F(ScoredDecoders, ExperimentThreeAsksForItsModels) {
  EXPECT_EQ(run({"experiment", "3", "@subj", "--decoder", "@92", "--out", "@out"}), 2);
  EXPECT_THAT(output(), HasSubstr("--zoo DIR with stable-diffusion/, clip/ and blip/"));
}

}  // namespace
}  // namespace fmri2img
