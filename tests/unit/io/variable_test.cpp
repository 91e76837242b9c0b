#include "fmri2img/io/variable.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/io/counting.h"

namespace fmri2img::io {
namespace {

std::string golden_path(const std::string& name) {
  return testing::test_data(name).string();
}

TEST(Variable, ReadsEveryFormat) {
  expect_same(read_variable(golden_path("io/npy/float32.npy")), counting(at::kFloat, {2, 3}));
  expect_same(read_variable(golden_path("io/npz/compressed.npz:responses")), counting(at::kFloat, {4, 3}));
  expect_same(read_variable(golden_path("io/mat/plain.mat:double_matrix")), counting(at::kDouble, {2, 3}));
  expect_same(read_variable(golden_path("io/mat73/version_73.mat:double_matrix")), counting(at::kDouble, {2, 3}));
  expect_same(read_variable(golden_path("io/hdf5/all_types.h5:big_endian/int32")), counting(at::kInt, {2, 3}));
  expect_same(read_variable(golden_path("io/nifti/gzipped.nii.gz")), counting(at::kFloat, {2, 3, 4}));
  EXPECT_EQ(list_variables(golden_path("io_models/safetensors/all_types.safetensors")).size(), 15U);
}

TEST(Variable, TellsFormatsByContentNotByName) {
  const testing::TemporaryFolder folder;
  for (const char* name : {"io/npz/only_one.npz", "io/hdf5/only_one.h5", "io/mat/only_one.mat"}) {
    write_file(folder / "data.txt", read_file(golden_path(name)));
    expect_same(read_variable((folder / "data.txt").string()), counting(at::kFloat, {2, 3}));
  }
}

TEST(Variable, NamesTensorsOfPyTorchFilesByTheWayToThem) {
  for (const char* file : {"io_models/torch/checkpoint", "io_models/torch/checkpoint_legacy"}) {
    const std::vector<VariableInfo> variables = list_variables(golden_path(file));
    const auto weight = std::ranges::find_if(
        variables, [](const VariableInfo& v) { return v.readable && v.name.starts_with("model_state_dict/"); });
    ASSERT_NE(weight, variables.end());
    EXPECT_EQ(read_variable(golden_path(file) + ":" + weight->name).sizes(), weight->shape);
    const auto epoch = std::ranges::find(variables, "epoch", &VariableInfo::name);
    ASSERT_NE(epoch, variables.end());
    EXPECT_FALSE(epoch->readable);
    EXPECT_ERROR(read_variable(golden_path(file) + ":epoch"), "\"epoch\" is int, not an array of numbers");
  }
}

TEST(Variable, RefusesWhatItDoesNotKnow) {
  const testing::TemporaryFolder folder;
  write_file(folder / "notes.txt", "no array at all");
  write_file(folder / "empty.npy", "");
  EXPECT_ERROR(
      read_variable((folder / "notes.txt").string()), "notes.txt", "no array file that is known here", "NIfTI");
  EXPECT_ERROR(read_variable((folder / "empty.npy").string()), "empty.npy", "is empty");
  EXPECT_ERROR(read_variable((folder / "none.npy").string() + ":x"), "none.npy:x", "there is no such file");
  EXPECT_ERROR(read_variable(golden_path("io/npy/float32.npy:x")), "float32.npy", "holds no \"x\"");
  EXPECT_ERROR(read_variable(golden_path("io/nifti/int8.nii:x")), "int8.nii", "holds no \"x\"");
}

}  // namespace
}  // namespace fmri2img::io
