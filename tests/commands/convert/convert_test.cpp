#include <ATen/ATen.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <limits>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/io/hdf5.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/io/variable.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img {
namespace {

using data::Partition;
using testing::run_program;
using testing::test_data;

/// Pictures for `rows` responses.
std::string write_pictures(const testing::TemporaryFolder& folder, int64_t rows) {
  std::string path = (folder / fmt::format("pictures_{}.npy", rows)).string();
  io::write_npy(path, at::arange(rows * 16, at::kByte).view({rows, 4, 4}));
  return path;
}

at::Tensor all_responses(const data::Subject& subject, Partition partition) {
  return io::read_npy(data::whole_file(subject.path(), partition));
}

TEST(Convert, TakesAVariableOfEveryFormat) {
  const testing::TemporaryFolder folder;
  int number = 0;
  for (const char* from : {"io/npy/float32.npy",
                           "io/npz/compressed.npz:responses",
                           "io/mat/plain.mat:double_matrix",
                           "io/mat73/version_73.mat:double_matrix",
                           "io/hdf5/layouts.h5:group/gzip",
                           "io/hdf5/all_types.h5:big_endian/int16",
                           "io_models/safetensors/all_types.safetensors:F32"}) {
    SCOPED_TRACE(from);
    const std::string source = test_data(from).string();
    const at::Tensor expected = io::read_variable(source).to(at::kFloat);
    const auto out = folder / std::to_string(++number);
    const testing::ProgramResult result =
        run_program(fmt::format("convert --train-responses {} --train-pictures {} --out {}",
                                source,
                                write_pictures(folder, expected.size(0)),
                                out.string()));
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_TRUE(at::equal(all_responses(data::Subject::open(out), Partition::kTrain), expected));
    const bool is_float = io::read_variable(source).scalar_type() == at::kFloat;
    EXPECT_EQ(result.err.find("converted to float32") == std::string::npos, is_float) << result.err;
  }
}

// Golden: img.get_fdata().reshape(-1, N).T of nibabel, tools/parity/io_arrays.py. Exact.
TEST(Convert, TakesTheVolumesOfANiftiImageAsRows) {
  const testing::TemporaryFolder folder;
  for (const char* name : {"version_2", "big_endian"}) {
    SCOPED_TRACE(name);
    const at::Tensor expected = io::read_npy(test_data(fmt::format("io/nifti/rows_of_{}.npy", name))).to(at::kFloat);
    ASSERT_EQ(expected.sizes(), at::IntArrayRef({5, 24}));
    const testing::ProgramResult result =
        run_program(fmt::format("convert --train-responses {} --train-pictures {} --out {}",
                                test_data(fmt::format("io/nifti/{}.nii", name)).string(),
                                write_pictures(folder, 5),
                                (folder / name).string()));
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_TRUE(at::equal(all_responses(data::Subject::open(folder / name), Partition::kTrain), expected));
  }
}

TEST(Convert, SaysThatValuesAreNotFinite) {
  const testing::TemporaryFolder folder;
  at::Tensor responses = at::ones({6, 4});
  responses[1][2] = std::numeric_limits<float>::quiet_NaN();
  responses[1][3] = std::numeric_limits<float>::quiet_NaN();
  responses[4][0] = std::numeric_limits<float>::infinity();
  io::write_npy(folder / "responses.npy", responses);
  const testing::ProgramResult result =
      run_program(fmt::format("convert --train-responses {} --train-pictures {} --out {}",
                              (folder / "responses.npy").string(),
                              write_pictures(folder, 6),
                              (folder / "out").string()));
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const std::string warning = "2 rows of the responses hold values that are not finite";
  const size_t first = result.err.find(warning);
  ASSERT_NE(first, std::string::npos) << result.err;
  EXPECT_EQ(result.err.find(warning, first + 1), std::string::npos) << "said twice";
  EXPECT_NE(result.err.find("fmri2img doctor " + (folder / "out").string()), std::string::npos) << result.err;
}

TEST(Convert, RefusesWhatIsNoMatrixOfResponses) {
  const testing::TemporaryFolder folder;
  const auto expect_refusal = [&](const std::string& from, const std::string& part) {
    const testing::ProgramResult result =
        run_program(fmt::format("convert --train-responses {} --train-pictures {} --out {}",
                                test_data(from).string(),
                                write_pictures(folder, 2),
                                (folder / "out").string()));
    EXPECT_EQ(result.exit_code, 3);
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
    EXPECT_FALSE(std::filesystem::exists(folder / "out"));
  };
  expect_refusal("io/nifti/float32.nii", "a NIfTI image of shape 2 x 3 x 4; responses are X x Y x Z x N");
  expect_refusal("io/npy/complex64.npy", "holds complex64; responses are real numbers");
  expect_refusal("io/npy/bool.npy", "holds bool; responses are real numbers");
  expect_refusal("io/npy/fortran.npy", "shape 2 x 3 x 4; responses are rows x vertices");
  expect_refusal("io/mat73/version_73.mat:cells", "\"cells\" is cell, not an array of numbers");
  expect_refusal("io/hdf5/layouts.h5:lzf", "save it with gzip instead");
  expect_refusal("io/npz/stored.npz:respones", "did you mean \"responses\"");
}

TEST(Convert, TurnsMindEye2IntoASubject) {
  const testing::TemporaryFolder folder;
  const std::string arguments = fmt::format(
      "convert --mindeye2 {} --subject 1 --out {}", test_data("mindeye2").string(), (folder / "subj01").string());
  const testing::ProgramResult result = run_program(arguments);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.out.find("4 training and 2 test rows of 5 vertices"), std::string::npos) << result.out;
  const data::Subject subject = data::Subject::open(folder / "subj01");
  const io::Hdf5File expected(test_data("mindeye2/expected.h5"));
  for (const Partition partition : {Partition::kTrain, Partition::kTest}) {
    const std::string part(data::partition_name(partition));
    EXPECT_TRUE(at::equal(all_responses(subject, partition), expected.read(part + "/responses")));
    const at::Tensor ids = expected.read(part + "/nsd_ids");
    const at::Tensor pictures = expected.read(part + "/pictures");
    ASSERT_EQ(subject.pictures(partition).size(), ids.size(0));
    for (int64_t row = 0; row < ids.size(0); ++row) {
      EXPECT_EQ(subject.pictures(partition).nsd_id(row), ids[row].item<int64_t>());
      EXPECT_TRUE(at::equal(subject.pictures(partition).load(row), pictures[row]));
    }
  }
}

TEST(Convert, AsksForOneSource) {
  const auto expect_usage = [](const std::string& arguments, const std::string& part) {
    const testing::ProgramResult result = run_program("convert --out /nowhere/s " + arguments);
    EXPECT_EQ(result.exit_code, 2) << result.err;
    EXPECT_NE(result.err.find(part), std::string::npos) << result.err;
  };
  expect_usage("", "needed are --train-responses and --train-pictures, or --mindeye2 and --subject");
  expect_usage("--mindeye2 /m", "--mindeye2 needs --subject");
  expect_usage("--mindeye2 /m --subject 9", "--subject");
  expect_usage("--mindeye2 /m --subject 1 --train-responses a.npy", "give no other source");
  expect_usage("--train-responses a.npy --train-pictures b.npy --subject 1", "--subject belongs to --mindeye2");
}

}  // namespace
}  // namespace fmri2img
