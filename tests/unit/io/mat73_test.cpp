#include "fmri2img/io/mat73.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/io/mat.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/io/counting.h"

namespace fmri2img::io {
namespace {

const std::filesystem::path& version_73() {
  static const std::filesystem::path path = testing::test_data("io/mat73/version_73.mat");
  return path;
}

// Golden: h5py, the structure of `save -v7.3`, tools/parity/io_arrays.py. Exact.
TEST(Mat73, ReadsEveryNumericClassInMatlabsShape) {
  const auto expect = [&](const char* name, at::ScalarType type, at::IntArrayRef shape) {
    SCOPED_TRACE(name);
    expect_same(read_mat(version_73(), name), counting(type, shape));
  };
  expect("double_matrix", at::kDouble, {2, 3});
  expect("single_row", at::kFloat, {1, 4});
  expect("bytes", at::kByte, {3, 2});
  expect("int8", at::kChar, {2, 2});
  expect("uint16", at::kUInt16, {2, 2});
  expect("int64", at::kLong, {2, 2});
  expect("logical", at::kBool, {2, 3});
  expect("volume", at::kDouble, {2, 3, 4});
  expect("complex_double", at::kComplexDouble, {2, 3});
  expect("complex_single", at::kComplexFloat, {2, 3});
  expect("empty", at::kDouble, {0, 5});
}

TEST(Mat73, ListsWhatItCannotReadUnderItsOwnName) {
  const std::vector<VariableInfo> variables = list_mat(version_73());
  EXPECT_EQ(variables.size(), 15U);  // MATLAB's own #refs# is not among them
  for (const auto& expected :
       {std::pair{"text", "char"}, {"cells", "cell"}, {"structure", "struct"}, {"sparse", "sparse"}}) {
    const std::string name = expected.first, type = expected.second;
    const auto found = std::ranges::find(variables, name, &VariableInfo::name);
    ASSERT_NE(found, variables.end()) << name;
    EXPECT_EQ(found->type, type);
    EXPECT_ERROR(read_mat(version_73(), name), "version_73.mat", name, type, "not an array of numbers");
  }
  EXPECT_ERROR(read_mat(version_73(), "structure/field"), "holds no \"structure/field\"", "\"structure\"");
}

TEST(Mat73, RefusesADamagedFile) {
  const testing::TemporaryFolder folder;
  write_file(folder / "cut.mat", read_file(version_73()).substr(0, 5000));
  EXPECT_ERROR(list_mat(folder / "cut.mat"), "cut.mat", "HDF5 cannot open it", "truncated file");
  write_file(folder / "head.mat", read_file(version_73()).substr(0, 512));
  EXPECT_ERROR(list_mat(folder / "head.mat"), "head.mat", "not a MATLAB file of version 5");
}

}  // namespace
}  // namespace fmri2img::io
