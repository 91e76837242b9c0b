#include "fmri2img/model_checks/zoo_hashes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/half_written.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::model_checks {
namespace {

namespace fs = std::filesystem;

class ZooHashes : public ::testing::Test {
 protected:
  ZooHashes() {
    for (const char* name : {"clip", "blip", "training/clip"}) fs::create_directories(zoo / name);
    write_file(zoo / "clip/config.json", "abc");
    write_file(zoo / "blip/config.json", "{}");
    write_file(zoo / "training/clip/log.csv", "1");
    write_zoo_hashes(zoo.path());
  }

  testing::TemporaryFolder zoo;
};

TEST_F(ZooHashes, AreAsSha256sumReadsThem) {
  const std::string list = read_file(zoo / kZooHashes);
  EXPECT_THAT(
      list,
      ::testing::HasSubstr("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  clip/config.json\n"));
  EXPECT_EQ(list.find("training"), std::string::npos);
  EXPECT_EQ(list.find(kZooHashes), std::string::npos);
  EXPECT_TRUE(different_files(zoo.path()).empty());
  require_intact_zoo(zoo.path());
}

TEST_F(ZooHashes, NameWhatIsMissingAndWhatIsAltered) {
  fs::remove(zoo / "blip/config.json");
  write_file(zoo / "clip/config.json", "abd");
  const auto different = different_files(zoo.path());
  ASSERT_EQ(different.size(), 2);
  EXPECT_EQ(different[0].path, zoo / "blip/config.json");
  EXPECT_TRUE(different[0].missing);
  EXPECT_FALSE(different[1].missing);
  EXPECT_ERROR(
      require_intact_zoo(zoo.path()), "blip/config.json\" is missing", "clip/config.json\" is altered", "git checkout");
}

TEST_F(ZooHashes, OfOneModelAreComparedAlone) {
  write_file(zoo / "clip/config.json", "abd");
  require_unaltered(zoo / "blip");
  EXPECT_ERROR(require_unaltered(zoo / "clip"), "clip/config.json\" is altered", "git checkout");
  EXPECT_ERROR(require_unaltered(zoo.path()), "clip/config.json\" is altered");
  write_file(zoo / "clip/config.json", "abc");
  write_file(zoo / "blip/notes.txt", "a file that the list has not");
  require_unaltered(zoo.path());
  fs::remove(zoo / kZooHashes);
  fs::remove(zoo / "blip/config.json");
  require_unaltered(zoo / "blip");
}

TEST_F(ZooHashes, AreAskedForOnlyOfTheProgramsOwnZoo) {
  fs::remove(zoo / kZooHashes);
  EXPECT_TRUE(different_files(zoo.path()).empty());
  EXPECT_ERROR(require_intact_zoo(zoo.path()), kZooHashes);
}

TEST_F(ZooHashes, LeaveOutWhatIsHalfWritten) {
  write_file(half_written_name(zoo / "clip/config.json"), "half");
  const std::string before = read_file(zoo / kZooHashes);
  write_zoo_hashes(zoo.path());
  EXPECT_EQ(read_file(zoo / kZooHashes), before);
  EXPECT_TRUE(different_files(zoo.path()).empty());
}

TEST_F(ZooHashes, RefuseAListThatIsNone) {
  write_file(zoo / kZooHashes, "clip/config.json\n");
  EXPECT_ERROR(different_files(zoo.path()), "line 1", "SHA-256");
}

}  // namespace
}  // namespace fmri2img::model_checks
