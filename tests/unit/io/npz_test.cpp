#include "fmri2img/io/npz.h"

#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/io/counting.h"

namespace fmri2img::io {
namespace {

using testing::test_data;

// Golden: numpy.savez and numpy.savez_compressed, tools/parity/io_arrays.py. Exact.
TEST(Npz, ReadsStoredAndCompressedMembers) {
  for (const char* file : {"io/npz/stored.npz", "io/npz/compressed.npz"}) {
    SCOPED_TRACE(file);
    const auto read = [&](const char* name) { return read_npz(test_data(file), name); };
    expect_same(read("responses"), counting(at::kFloat, {4, 3}));
    expect_same(read("labels"), counting(at::kLong, {5}));
    expect_same(read("fortran"), counting(at::kDouble, {2, 3}));
    expect_same(read("big_endian"), counting(at::kShort, {2, 3}));
    expect_same(read("flags"), counting(at::kBool, {2, 3}));
    EXPECT_EQ(read("scalar").item<double>(), 7.5);
    EXPECT_EQ(read("empty").sizes(), (std::vector<int64_t>{0, 5}));
  }
}

TEST(Npz, ListsWhatItCannotRead) {
  for (const char* file : {"io/npz/stored.npz", "io/npz/compressed.npz"}) {
    const std::vector<VariableInfo> variables = list_npz(test_data(file));
    ASSERT_EQ(variables.size(), 9U);
    for (const VariableInfo& variable : variables)
      EXPECT_EQ(variable.readable, variable.name != "names" && variable.name != "objects") << variable.name;
    EXPECT_ERROR(read_npz(test_data(file), "names"), "names", "'<U2'");
    EXPECT_ERROR(read_npz(test_data(file), "objects"), "objects", "pickled Python objects");
  }
}

TEST(Npz, NeedsNoNameForOneArrayAndSuggestsTheNearest) {
  expect_same(read_npz(test_data("io/npz/only_one.npz"), ""), counting(at::kFloat, {2, 3}));
  EXPECT_ERROR(read_npz(test_data("io/npz/stored.npz"), ""), "stored.npz", "say which one", "\"responses\"");
  EXPECT_ERROR(read_npz(test_data("io/npz/stored.npz"), "respones"), "did you mean \"responses\"");
}

TEST(Npz, RefusesEveryTruncationAndEveryFlippedByteOfTheNumbers) {
  const testing::TemporaryFolder folder;
  const std::string whole = read_file(test_data("io/npz/only_one.npz"));
  for (size_t length = 0; length < whole.size(); ++length) {
    write_file(folder / "cut.npz", whole.substr(0, length));
    EXPECT_ERROR(read_npz(folder / "cut.npz", "data"), "cut.npz", "archive");
  }
  std::string changed = whole;
  changed[whole.find("\x93NUMPY") + 128] ^= 1;
  write_file(folder / "flipped.npz", changed);
  EXPECT_ERROR(read_npz(folder / "flipped.npz", "data"), "flipped.npz", "\"data\"", "checksum");
}

TEST(Npz, RefusesMoreThanACompressedMemberCanHold) {
  const testing::TemporaryFolder folder;
  std::string content = read_file(test_data("io/npz/compressed.npz"));
  const size_t entry = content.find(std::string("PK\x01\x02", 4));
  content.replace(entry + 24, 4, std::string("\xf0\xff\xff\x7f", 4));  // the uncompressed size
  write_file(folder / "claims.npz", content);
  EXPECT_ERROR(read_npz(folder / "claims.npz", "responses"), "claims.npz", "cannot hold 2147483632 bytes");
}

}  // namespace
}  // namespace fmri2img::io
