// Claim: `import` makes a decoder of the original's file, and `train --resume` finishes its training.
// Source of truth: tools/parity/voxel_decoder.py, whose run had 8 of 20 steps behind it.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/core/json.h"
#include "fmri2img/io/npy.h"
#include "tests/support/reference_data.h"
#include "tests/support/small_subject.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img {
namespace {

class ImportCommand : public ::testing::Test {
 protected:
  void SetUp() override {
    // 28 rows of 12 vertices: 20 for training, as the checkpoint has them.
    testing::write_small_subject(folder_ / "subj", {.train_rows = 28, .vertices = 12});
    io::write_npy(folder_ / "subj/training_split/fMRI_VAE.npy", at::zeros({28, 1, 1, 4, 4}));
  }

  testing::ProgramResult run(const std::string& command, const std::string& options) const {
    const std::string file = testing::test_data("voxel_decoder/original_checkpoint").string();
    const std::string subject = (folder_ / "subj").string();
    const std::string input = command == "import" ? file + " --subject " + subject : subject + " --decoder mlp";
    const std::string sizes = command == "train" ? " --width 16 --blocks 1 --channels 32" : "";
    return testing::run_program(command + " " + input + sizes + " --roi none --split-seed 42 " + options + " --out " +
                                (folder_ / "decoder").string());
  }

  testing::TemporaryFolder folder_;
};

TEST_F(ImportCommand, LetsTheTrainingGoOn) {
  const testing::ProgramResult imported = run("import", "--batch 6 --epochs 5");
  ASSERT_EQ(imported.exit_code, 0) << imported.err;
  EXPECT_NE(imported.out.find("2 of 5 epochs are done"), std::string::npos) << imported.out;
  const testing::ProgramResult resumed = run("train", "--batch 6 --epochs 5 --resume");
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_NE(resumed.err.find("going on from step 8 (epoch 3 of 5)"), std::string::npos) << resumed.err;
  EXPECT_EQ(read_json(folder_ / "decoder/training.json")["settings"]["steps"], 20);
}

TEST_F(ImportCommand, AsksForWhatTheFileDoesNotSay) {
  const testing::ProgramResult result = run("import", "--epochs 5");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("--batch is required"), std::string::npos) << result.err;
  EXPECT_EQ(run("import", "--batch 7 --epochs 5").exit_code, 3);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "decoder/config.json"));
}

TEST_F(ImportCommand, RefusesAnotherSubject) {
  testing::write_small_subject(folder_ / "subj", {.train_rows = 28, .vertices = 13});
  const testing::ProgramResult result = run("import", "--batch 6 --epochs 5");
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_NE(result.err.find("reads 12 vertices, the subject has 13"), std::string::npos) << result.err;
}

}  // namespace
}  // namespace fmri2img
