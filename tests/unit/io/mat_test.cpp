#include "fmri2img/io/mat.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/io/variable.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/io/counting.h"

namespace fmri2img::io {
namespace {

using testing::test_data;

// Golden: scipy.io.savemat, tools/parity/io_arrays.py. Exact.
TEST(Mat5, ReadsEveryNumericClass) {
  for (const char* file : {"io/mat/plain.mat", "io/mat/compressed.mat"}) {
    const auto expect = [&](const char* name, at::ScalarType type, at::IntArrayRef shape) {
      SCOPED_TRACE(std::string(file) + ":" + name);
      expect_same(read_mat(test_data(file), name), counting(type, shape));
    };
    expect("double_matrix", at::kDouble, {2, 3});
    expect("single_row", at::kFloat, {1, 4});
    expect("bytes", at::kByte, {3, 2});
    expect("int8", at::kChar, {2, 2});
    expect("int16", at::kShort, {2, 2});
    expect("uint16", at::kUInt16, {2, 2});
    expect("int32", at::kInt, {2, 2});
    expect("uint32", at::kUInt32, {2, 2});
    expect("int64", at::kLong, {2, 2});
    expect("uint64", at::kUInt64, {2, 2});
    expect("logical", at::kBool, {2, 3});
    expect("volume", at::kDouble, {2, 3, 4});
    expect("complex_double", at::kComplexDouble, {2, 3});
    expect("complex_single", at::kComplexFloat, {2, 3});
    expect("empty", at::kDouble, {0, 5});
  }
}

TEST(Mat5, ReadsBigEndianFilesAndDoublesStoredAsIntegers) {
  expect_same(read_mat(test_data("io/mat/big_endian.mat"), "x"), counting(at::kDouble, {2, 3}));
  expect_same(read_mat(test_data("io/mat/big_endian.mat"), "y"), counting(at::kDouble, {2, 3}));
}

TEST(Mat5, ListsWhatItCannotReadUnderItsOwnName) {
  const std::vector<VariableInfo> variables = list_mat(test_data("io/mat/compressed.mat"));
  EXPECT_EQ(variables.size(), 20U);
  for (const auto& expected :
       {std::pair{"text", "char"}, {"cells", "cell"}, {"structure", "struct"}, {"sparse", "sparse"}}) {
    const std::string name = expected.first, type = expected.second;
    const auto found =
        std::find_if(variables.begin(), variables.end(), [&](const VariableInfo& v) { return v.name == name; });
    ASSERT_NE(found, variables.end()) << name;
    EXPECT_EQ(found->type, type);
    EXPECT_FALSE(found->readable);
    EXPECT_ERROR(read_mat(test_data("io/mat/compressed.mat"), name), name, type, "not an array of numbers");
  }
}

TEST(Mat5, SuggestsTheNearestNames) {
  EXPECT_ERROR(read_mat(test_data("io/mat/plain.mat"), "double_matrx"),
               "plain.mat",
               "double_matrx",
               "did you mean \"double_matrix\"");
  EXPECT_ERROR(read_mat(test_data("io/mat/plain.mat"), ""), "say which one", "\"bytes\"");
  expect_same(read_mat(test_data("io/mat/only_one.mat"), ""), counting(at::kFloat, {2, 3}));
}

TEST(Mat5, RefusesEveryTruncationOfAFile) {
  const testing::TemporaryFolder folder;
  for (const char* name : {"io/mat/only_one.mat", "io/mat/big_endian.mat"}) {
    const std::string whole = read_file(test_data(name));
    for (size_t length = 0; length < whole.size(); ++length) {
      write_file(folder / "cut.mat", whole.substr(0, length));
      try {
        read_mat(folder / "cut.mat", std::string(name) == "io/mat/only_one.mat" ? "data" : "y");
        ADD_FAILURE() << "read " << name << " cut to " << length << " bytes";
      } catch (const Error& error) {
        EXPECT_NE(std::string(error.what()).find("cut.mat"), std::string::npos) << error.what();
      }
    }
  }
}

TEST(Mat5, RefusesDimensionsThatTheFileDoesNotHold) {
  const testing::TemporaryFolder folder;
  std::string content = read_file(test_data("io/mat/big_endian.mat"));
  const std::string two_by_three("\x00\x00\x00\x02\x00\x00\x00\x03", 8);
  const auto with_dimensions = [&](const std::string& dimensions) {
    std::string changed = content;
    changed.replace(changed.find(two_by_three), 8, dimensions);
    write_file(folder / "made.mat", changed);
    return read_mat(folder / "made.mat", "x");
  };
  EXPECT_ERROR(with_dimensions(std::string("\x7f\xff\xff\xff\x7f\xff\xff\xff", 8)),
               "made.mat",
               "\"x\"",
               "impossible dimensions");
  EXPECT_ERROR(
      with_dimensions(std::string("\x00\x10\x00\x00\x00\x10\x00\x00", 8)), "made.mat", "\"x\"", "its dimensions need");
  EXPECT_ERROR(with_dimensions(std::string("\xff\xff\xff\xff\x00\x00\x00\x03", 8)),
               "made.mat",
               "\"x\"",
               "impossible dimensions");
}

TEST(Mat5, ReadsRealResponses) {
  FMRI2IMG_NEEDS_REFERENCE_DATA("fmri/digit69_28x28.mat");
  const std::string file = testing::reference_data("fmri/digit69_28x28.mat").string();
  EXPECT_EQ(read_variable(file + ":fmriTrn").sizes(), (std::vector<int64_t>{90, 3092}));
  const at::Tensor pictures = read_variable(file + ":stimTrn");
  EXPECT_EQ(pictures.sizes(), (std::vector<int64_t>{90, 784}));
  EXPECT_EQ(pictures.scalar_type(), at::kDouble);  // stored as bytes
  EXPECT_EQ(pictures.max().item<double>(), 255);
  EXPECT_EQ(read_variable(file + ":labelTest").sum().item<double>(), 15);  // five sixes (1) and five nines (2)
}

}  // namespace
}  // namespace fmri2img::io
