// Claims: several decoders, typed or in an ensemble file, make one folder of results that `evaluate` reads; what is
// wrong with an ensemble is said before anything is made.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "tests/support/reference_data.h"
#include "tests/support/small_subject.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img {
namespace {

namespace fs = std::filesystem;

using ::testing::AllOf;
using ::testing::HasSubstr;

class ReconstructEnsemble : public ::testing::Test {
 protected:
  void SetUp() override {
    testing::write_small_subject(folder_ / "subj", {.train_rows = 24, .test_rows = 5, .side = 16});
    for (const char* name : {"one", "two"}) {
      const testing::ProgramResult trained = testing::run_program(
          "train " + path("subj") + " --train-rows " + (name[0] == 'o' ? "0:20" : "4:24") + " --out " + path(name));
      ASSERT_EQ(trained.exit_code, 0) << trained.err;
    }
  }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  testing::ProgramResult reconstruct(const std::string& options) const {
    return testing::run_program("reconstruct " + path("subj") + " --trials test --out " + path("results") + " " +
                                options);
  }

  testing::TemporaryFolder folder_;
};

TEST_F(ReconstructEnsemble, OfAFileGivesARowForEachDecoder) {
  write_file(folder_ / "ensemble.toml", "decoder = ['one', 'two']\nvote = 'low-high'\n");
  const testing::ProgramResult made = reconstruct("--low-only --ensemble " + path("ensemble.toml"));
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_TRUE(fs::exists(folder_ / "results/candidates/one/low_4.png"));
  EXPECT_TRUE(fs::exists(folder_ / "results/candidates/two/low_4.png"));
  const testing::ProgramResult scored = testing::run_program("evaluate --json " + path("results"));
  ASSERT_EQ(scored.exit_code, 0) << scored.err;
  const Json json = parse_json(scored.out, "evaluate --json");
  EXPECT_EQ(json["model"], "one");
  EXPECT_TRUE(json["others"]["two"]["mse"]["mean"].is_number());
}

TEST_F(ReconstructEnsemble, OfAnotherDecoderIsAnotherRun) {
  ASSERT_EQ(reconstruct("--low-only --decoder " + path("one")).exit_code, 0);
  const testing::ProgramResult other = reconstruct("--low-only --decoder " + path("one") + " --decoder " + path("two"));
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_THAT(other.err, AllOf(HasSubstr("holds another run"), HasSubstr("--overwrite")));
}

TEST_F(ReconstructEnsemble, SaysWhatIsWrongBeforeAnythingIsMade) {
  write_file(folder_ / "ensemble.toml", "decoder = 'one'\nstrenght = 0.5\n");
  const testing::ProgramResult unknown = reconstruct("--low-only --ensemble " + path("ensemble.toml"));
  EXPECT_EQ(unknown.exit_code, 3);
  EXPECT_THAT(unknown.err, AllOf(HasSubstr("ensemble.toml"), HasSubstr("strenght"), HasSubstr("strength")));
  const testing::ProgramResult models = reconstruct("--decoder " + path("one"));
  EXPECT_EQ(models.exit_code, 2);
  EXPECT_THAT(models.err, AllOf(HasSubstr("--zoo"), HasSubstr("--low-only")));
  const testing::ProgramResult preset = reconstruct("--low-only --preset four-model-vote --decoders " + path("subj"));
  EXPECT_EQ(preset.exit_code, 2);
  EXPECT_THAT(preset.err, HasSubstr("fmri2img train " + path("subj") + " --decoder mlp --roi set1 --seed 2423"));
  const testing::ProgramResult twice = reconstruct("--low-only --decoder " + path("one") + " --decoder " + path("one"));
  EXPECT_EQ(twice.exit_code, 2);
  EXPECT_THAT(twice.err, HasSubstr("both called \"one\""));
  EXPECT_FALSE(fs::exists(folder_ / "results"));
}

}  // namespace
}  // namespace fmri2img
