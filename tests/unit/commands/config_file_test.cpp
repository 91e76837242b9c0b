#include "commands/config_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::commands {
namespace {

using ::testing::ElementsAre;

TEST(ConfigFile, SaysTheSameAsTheOptions) {
  EXPECT_THAT(
      config_words("batch = 16\nroi = 'set1 | set2'\nshuffle = true\nquiet = false\nalphas = [1, 10]", "c.toml"),
      ElementsAre("--alphas", "1", "10", "--batch", "16", "--roi", "set1 | set2", "--shuffle"));
}

TEST(ConfigFile, NamesTheLineOfASyntaxError) {
  EXPECT_ERROR(config_words("batch = 16\nroi = ", "c.toml"), "c.toml", "not valid TOML at line 2");
  EXPECT_ERROR(config_words("[training]\nbatch = 16", "c.toml"), "c.toml", "[training] is a table");
}

TEST(ConfigFile, YieldsToTheCommandLine) {
  const testing::TemporaryFolder folder;
  const std::string path = (folder / "c.toml").string();
  write_file(path, "batch = 16\nroi = 'set1'");
  EXPECT_THAT(expand_config_files({"train", "subj01", "--config", path, "--batch", "32"}),
              ElementsAre("train", "subj01", "--batch", "32", "--roi", "set1"));
  EXPECT_ERROR(expand_config_files({"train", "--config", "/no/such.toml"}), "/no/such.toml");
}

}  // namespace
}  // namespace fmri2img::commands
