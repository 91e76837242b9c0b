#include "fmri2img/core/atomic_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>

#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img {
namespace {

using testing::TemporaryFolder;

/// Makes every file of this process at most `bytes` long while it lives: a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &previous_);
    const struct rlimit limit { bytes, previous_.rlim_max };
    setrlimit(RLIMIT_FSIZE, &limit);
    std::signal(SIGXFSZ, SIG_IGN);
  }
  ~FullDisk() { setrlimit(RLIMIT_FSIZE, &previous_); }

 private:
  struct rlimit previous_ {};
};

TEST(AtomicFile, AppearsOnlyWhenCommitted) {
  const TemporaryFolder folder;
  {
    AtomicFile file(folder / "a.txt");
    file.write("half");
    EXPECT_FALSE(std::filesystem::exists(folder / "a.txt"));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path())) << "the temporary file was left behind";
}

TEST(AtomicFile, WritesBytesOutOfOrder) {
  const TemporaryFolder folder;
  AtomicFile file(folder / "a.txt");
  file.write("....rest");
  file.write_at(0, std::as_bytes(std::span("head", 4)));
  file.commit();
  EXPECT_EQ(read_file(folder / "a.txt"), "headrest");
}

TEST(AtomicFile, FullDiskKeepsThePreviousFile) {
  const TemporaryFolder folder;
  write_file(folder / "a.txt", "before");
  {
    const FullDisk disk(10);
    EXPECT_ERROR(write_file(folder / "a.txt", "longer than ten bytes"), "a.txt", "cannot write");
  }
  EXPECT_EQ(read_file(folder / "a.txt"), "before");
}

TEST(AtomicFile, NamesTheFolderThatIsMissing) {
  EXPECT_ERROR(write_file("/no/such/folder/a.txt", "x"), "/no/such/folder/a.txt", "No such file or directory");
}

TEST(DiskSpace, RefusesWhatCannotFit) {
  EXPECT_ERROR(
      require_disk_space("/tmp/not/yet/made", int64_t{1} << 60, "two checkpoints"), "two checkpoints need", "--out");
}

}  // namespace
}  // namespace fmri2img
