#include "fmri2img/core/output_folder.h"

#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img {
namespace {

using testing::TemporaryFolder;

Manifest run_with_seed(int seed) {
  return {.command = "train", .settings = {{"seed", seed}}};
}

TEST(OutputFolder, ResumesTheSameRun) {
  const TemporaryFolder folder;
  EXPECT_FALSE(OutputFolder(folder / "out", run_with_seed(1), {}).resumed());
  write_file(folder / "out/log.csv", "1");
  EXPECT_TRUE(OutputFolder(folder / "out", run_with_seed(1), {}).resumed());
  EXPECT_ERROR(OutputFolder(folder / "out", run_with_seed(1), {.resume = false}), "--resume", "--overwrite");
}

TEST(OutputFolder, RefusesAnotherRunAndSaysWhatDiffers) {
  const TemporaryFolder folder;
  const OutputFolder first(folder / "out", run_with_seed(1), {});
  write_file(first / "log.csv", "1");
  EXPECT_ERROR(
      OutputFolder(folder / "out", run_with_seed(2), {}), "setting \"seed\" is 1 there and 2 here", "--overwrite");
}

TEST(OutputFolder, NeverTouchesAFolderThatIsNotOurs) {
  const TemporaryFolder folder;
  write_file(folder / "thesis.tex", "years of work");
  EXPECT_ERROR(OutputFolder(folder.path(), run_with_seed(1), {.overwrite = true}), "not made by fmri2img");
  EXPECT_EQ(read_file(folder / "thesis.tex"), "years of work");
}

TEST(OutputFolder, NeverTouchesAFolderOfAnotherProgram) {
  const TemporaryFolder folder;
  write_file(folder / "manifest.json", R"({"manifest_version": 3, "name": "a web extension"})");
  write_file(folder / "thesis.tex", "years of work");
  for (const bool overwrite : {false, true})
    EXPECT_ERROR(OutputFolder(folder.path(), run_with_seed(1), {.overwrite = overwrite}), "not made by fmri2img");
  EXPECT_EQ(read_file(folder / "thesis.tex"), "years of work");
}

TEST(OutputFolder, OfARunThatWroteNothingIsTakenOver) {
  const TemporaryFolder folder;
  const OutputFolder begun(folder / "out", run_with_seed(1), {});
  std::filesystem::create_directories(folder / "out/checkpoints");
  EXPECT_FALSE(OutputFolder(folder / "out", run_with_seed(2), {.resume = false}).resumed());
  write_file(folder / "out/table.csv", "1");
  EXPECT_ERROR(OutputFolder(folder / "out", run_with_seed(1), {}), "holds another run");
}

TEST(OutputFolder, OfARunWhosePartsWroteNothingIsTakenOver) {
  const TemporaryFolder folder;
  {
    const OutputFolder whole(folder / "out", run_with_seed(1), {});
    const OutputFolder part(folder / "out/models/first", run_with_seed(1), {});
  }
  EXPECT_FALSE(OutputFolder(folder / "out", run_with_seed(2), {}).resumed());
  OutputFolder(folder / "out/models/first", run_with_seed(2), {}).finish({});
  EXPECT_ERROR(OutputFolder(folder / "out", run_with_seed(3), {}), "holds another run");
}

TEST(OutputFolder, OverwriteReplacesAnEarlierRun) {
  const TemporaryFolder folder;
  const OutputFolder first(folder / "out", run_with_seed(1), {});
  write_file(first / "table.csv", "old");
  const OutputFolder second(folder / "out", run_with_seed(2), {.overwrite = true});
  EXPECT_FALSE(second.resumed());
  EXPECT_FALSE(std::filesystem::exists(second / "table.csv"));
}

TEST(OutputFolder, RemembersThatTheRunHadEnded) {
  const TemporaryFolder folder;
  OutputFolder(folder / "out", run_with_seed(1), {}).finish({{"images", 3}});
  EXPECT_TRUE(OutputFolder(folder / "out", run_with_seed(1), {}).was_finished());
  EXPECT_EQ(Manifest::read(folder / "out/manifest.json").results["images"], 3);
}

}  // namespace
}  // namespace fmri2img
