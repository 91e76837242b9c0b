// Claims: the analyses run on trained decoders of a subject with hemispheres, regions and noise ceilings, go on where
// they stopped, and say what is in the way.
#include <ATen/ATen.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "fmri2img/core/random.h"
#include "fmri2img/io/npy.h"
#include "tests/commands/experiment/experiment_folder.h"

namespace fmri2img {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using Words = std::vector<std::string>;

class Analyses : public testing::ExperimentFolder {
 protected:
  Words noise_ceiling(const Words& options) const {
    Words words = {"experiment",
                   "noise-ceiling",
                   "@subj",
                   "--zoo",
                   testing::test_data("../../zoo/mini").string(),
                   "--out",
                   "@out"};
    words.insert(words.end(), options.begin(), options.end());
    return words;
  }
};

TEST_F(Analyses, RoiImportanceTakesHeldOutRowsOfARidge) {
  ASSERT_EQ(run({"train", "@subj", "--codec", "pixels", "--hold-out", "12", "--out", "@ridge"}), 0) << output();
  const Words command = {
      "experiment", "roi-importance", "@subj", "--decoder", "@ridge", "--repeats", "2", "--out", "@out"};
  ASSERT_EQ(run(command), 0) << output();
  const findings::Finding found = finding("out");
  EXPECT_THAT(found.lead, HasSubstr("12 held-out rows"));
  EXPECT_EQ(found.charts[0].series.size(), 3U) << "both, left and right";
  EXPECT_THAT(text("out/importance.csv"), HasSubstr("\nearly,left,"));
  expect_charts("out");
  EXPECT_EQ(run({"experiment",
                 "roi-importance",
                 "@subj",
                 "--decoder",
                 "@ridge",
                 "--how",
                 "mean",
                 "--roi",
                 "early",
                 "ventral",
                 "--out",
                 "@mean"}),
            0)
      << output();
  EXPECT_THAT(finding("mean").lead, HasSubstr("set to their means"));
  EXPECT_EQ(run({"experiment", "roi-importance", "@subj", "--decoder", "@ridge", "--trials", "train", "--out", "@no"}),
            4);
  EXPECT_THAT(output(), HasSubstr("was fitted to 48 of these 48 rows"));
}

TEST_F(Analyses, RoiImportanceOfARegionThatIsNotReadIsSaid) {
  ASSERT_EQ(run({"train", "@subj", "--codec", "pixels", "--roi", "early", "--out", "@ridge"}), 0) << output();
  ASSERT_EQ(run({"experiment", "roi-importance", "@subj", "--decoder", "@ridge", "--out", "@out"}), 0) << output();
  EXPECT_THAT(finding("out").lead, HasSubstr("12 test rows")) << "nothing was kept aside: pixels of test pictures";
  EXPECT_THAT(finding("out").notes, ::testing::Contains(HasSubstr("ventral")));
  fs::remove_all(folder_ / "subj/test_split");
  EXPECT_EQ(run({"experiment", "roi-importance", "@subj", "--decoder", "@ridge", "--out", "@other"}), 2);
  EXPECT_THAT(output(), HasSubstr("train it with --hold-out"));
}

TEST_F(Analyses, DataScalingScoresTheSameRowsForEverySize) {
  const Words command = {"experiment", "data-scaling", "@subj",   "--codec", "pixels",   "--sizes",  "24",
                         "48",         "--hold-out",   "12",      "--width", "16",       "--blocks", "1",
                         "--channels", "32",           "--batch", "8",       "--epochs", "2",        "--out",
                         "@out"};
  ASSERT_EQ(run(command), 0) << output();
  const findings::Finding found = finding("out");
  ASSERT_EQ(found.charts[0].series.size(), 3U);
  EXPECT_EQ(found.charts[0].series[0].name, "ridge");
  EXPECT_EQ(found.charts[0].series[1].x, (std::vector<double>{24, 48}));
  const std::string rows = text("out/rows/ridge-24.csv"), more = text("out/rows/mlp-48.csv");
  EXPECT_EQ(std::count(rows.begin(), rows.end(), '\n'), 13);
  EXPECT_EQ(rows.substr(rows.find('\n') + 1, 2), more.substr(more.find('\n') + 1, 2));
  const auto rows_of = [&](const std::string& model, const char* key) {
    auto list = read_json(folder_ / "out/models" / model / "training.json")[key].get<std::vector<int64_t>>();
    std::sort(list.begin(), list.end());
    return list;
  };
  EXPECT_EQ(rows_of("ridge-24", "held_out_rows"), rows_of("mlp-48", "held_out_rows"));
  const std::vector<int64_t> small = rows_of("ridge-24", "train_rows"), large = rows_of("ridge-48", "train_rows");
  EXPECT_TRUE(std::includes(large.begin(), large.end(), small.begin(), small.end()));
  EXPECT_EQ(rows_of("mlp-24", "validation_rows").size(), 7U) << "30 % of 24";
  expect_charts("out");
  const auto time = fs::last_write_time(folder_ / "out/models/mlp-48/model.safetensors");
  const Json before = read_json(folder_ / "out/finding.json");
  Json manifest = read_json(folder_ / "out/manifest.json");
  manifest["finished"] = "";
  write_json(folder_ / "out/manifest.json", manifest);  // as if it had been killed before its end
  ASSERT_EQ(run(command), 0) << output();
  EXPECT_EQ(fs::last_write_time(folder_ / "out/models/mlp-48/model.safetensors"), time) << "trained again";
  EXPECT_EQ(read_json(folder_ / "out/finding.json"), before);
}

TEST_F(Analyses, DataScalingRefusesSizesThatThereAreNot) {
  EXPECT_EQ(run({"experiment",
                 "data-scaling",
                 "@subj",
                 "--codec",
                 "pixels",
                 "--sizes",
                 "55",
                 "--hold-out",
                 "12",
                 "--out",
                 "@out"}),
            2);
  EXPECT_THAT(output(), HasSubstr("55 training pictures for ridge: there are 48"));
  EXPECT_FALSE(fs::exists(folder_ / "out"));
}

TEST_F(Analyses, NoiseCeilingUsesTheSubjectsOwnCeilings) {
  ASSERT_EQ(run(noise_ceiling({})), 0) << output();
  const std::string vertices = text("out/vertices.csv");
  EXPECT_EQ(std::count(vertices.begin(), vertices.end(), '\n'), 121);
  EXPECT_THAT(vertices, HasSubstr("\n119,right,"));
  EXPECT_THAT(finding("out").lead, HasSubstr("fitted on 60 pictures"));
  EXPECT_EQ(finding("out").tables[0].rows.front()[0], "all vertices");
  expect_charts("out");
}

TEST_F(Analyses, NoiseCeilingFromRepeatsOnRowsOfTheTrainingSplit) {
  // Signal and noise of equal variance: ceilings of 1 / (1 + 1/3) = 3/4.
  at::Generator generator = make_generator(2);
  const at::Tensor repeats = at::randn({300, 1, 120}, generator) + at::randn({300, 3, 120}, generator);
  io::write_npy(folder_ / "repeats.npy", repeats);
  ASSERT_EQ(run(noise_ceiling({"--repeats", "@repeats.npy", "--trials", "0:20"})), 0) << output();
  const findings::Finding found = finding("out");
  EXPECT_THAT(found.lead, ::testing::AllOf(HasSubstr("fitted on 40 pictures"), HasSubstr("repeated measurements")));
  EXPECT_NEAR(std::stod(found.tables[0].rows.front()[3]), 0.75, 0.02);
  EXPECT_EQ(run(noise_ceiling({"--repeats", "@repeats.npy", "--trials", "0:20", "--train-rows", "10:60"})), 2);
  EXPECT_THAT(output(), HasSubstr("share rows"));
  io::write_npy(folder_ / "repeats.npy", repeats.narrow(2, 0, 100));
  EXPECT_EQ(run(noise_ceiling({"--repeats", "@repeats.npy", "--trials", "0:20"})), 3);
  EXPECT_THAT(output(), HasSubstr("has 100 vertices, the subject has 120"));
}

TEST_F(Analyses, NoiseCeilingSaysWhatIsMissing) {
  EXPECT_EQ(run({"experiment", "noise-ceiling", "@subj", "--out", "@out"}), 2);
  EXPECT_THAT(output(), HasSubstr("needs CLIP"));
  fs::remove_all(folder_ / "subj/test_split/test_fmri");
  EXPECT_EQ(run(noise_ceiling({})), 2);
  EXPECT_THAT(output(), HasSubstr("the challenge withholds them"));
}

TEST(ExperimentCommand, ExplainsItsKinds) {
  const testing::ProgramResult help = testing::run_program("experiment --help");
  EXPECT_EQ(help.exit_code, 0);
  EXPECT_THAT(help.out, HasSubstr("roi-importance"));
  EXPECT_EQ(testing::run_program("experiment 1 --help").exit_code, 0);
  EXPECT_EQ(testing::run_program("experiment").exit_code, 2);
  EXPECT_EQ(testing::run_program("experiment 4").exit_code, 2);
}

}  // namespace
}  // namespace fmri2img
