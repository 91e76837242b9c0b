// Claim: the demo runs from nothing to two grids of pictures, leaves everything where it says, and may be run again.
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::commands {
namespace {

using testing::ProgramResult;
using testing::run_program;

TEST(Demo, RunsFromNothingToPictures) {
  const testing::TemporaryFolder folder;
  const auto line = [&](const std::string& test) {
    return "demo --vertices 400 --train 120 --epochs 2 --threads 1 --test " + test + " --out " +
           (folder / "demo").string();
  };
  const ProgramResult result = run_program(line("12"));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  for (const char* file : {"manifest.json",
                           "subject/training_split/training_fmri/lh_training_fmri.npy",
                           "ridge/model.safetensors",
                           "mlp/model.safetensors",
                           "results_ridge/evaluation.json",
                           "results_ridge/grid.png",
                           "results_mlp/evaluation.json",
                           "results_mlp/grid.png"}) {
    EXPECT_TRUE(std::filesystem::exists(folder / "demo" / file)) << file;
  }
  for (const char* step : {"simulate", "doctor", "train", "reconstruct", "evaluate"}) {
    EXPECT_NE(result.out.find(std::string("$ fmri2img ") + step), std::string::npos) << step;
  }
  const std::string grid = (folder / "demo/results_ridge/grid.png").string();
  EXPECT_NE(result.out.rfind(grid), std::string::npos);
  EXPECT_GT(result.out.rfind(grid), result.out.rfind("$ fmri2img"));
  EXPECT_EQ(run_program(line("12")).exit_code, 0);
  EXPECT_EQ(run_program(line("13")).exit_code, 2);
}

}  // namespace
}  // namespace fmri2img::commands
