#include "fmri2img/io/tar.h"

#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::io {
namespace {

std::string archive() {
  return read_file(testing::test_data("mindeye2/wds/subj01/train/0.tar"));
}

// Golden: Python's tarfile, tools/parity/mindeye2.py.
TEST(Tar, ListsItsMembers) {
  const TarFile tar(testing::test_data("mindeye2/wds/subj01/train/0.tar"));
  ASSERT_EQ(tar.members().size(), 8U);
  EXPECT_EQ(tar.members()[0].name, "sample000000000.behav.npy");
  EXPECT_EQ(tar.members()[0].bytes.size(), 128U + 17 * 8);
  EXPECT_EQ(tar.members()[7].name, "sample000000003.past_behav.npy");
  EXPECT_EQ(tar.members()[7].bytes.size(), 128U + 15 * 17 * 8);
}

TEST(Tar, RefusesTruncatedAndDamagedArchives) {
  const testing::TemporaryFolder folder;
  const auto open = [&](const std::string& content) {
    write_file(folder / "made.tar", content);
    return TarFile(folder / "made.tar");
  };
  EXPECT_ERROR(open(archive().substr(0, 300)), "made.tar", "byte 0", "truncated archive: a header was expected");
  EXPECT_ERROR(
      open(archive().substr(0, 600)), "truncated archive", "sample000000000.behav.npy", "264 bytes, 88 follow");
  std::string changed = archive();
  changed[3] ^= 1;
  EXPECT_ERROR(open(changed), "made.tar", "checksum is wrong");
  changed = archive();
  changed[130] = '9';
  EXPECT_ERROR(open(changed), "checksum is wrong");
  changed[150] = 'x';
  EXPECT_ERROR(open(changed), "a number that is not octal");
  EXPECT_ERROR(open("not a tar archive at all" + std::string(1000, 'x')), "not octal");
}

}  // namespace
}  // namespace fmri2img::io
