#include "fmri2img/io/nifti.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <limits>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/io/scalar_type.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/io/counting.h"

namespace fmri2img::io {
namespace {

using testing::test_data;

NiftiFile golden_image(const std::string& name) {
  return NiftiFile(test_data("io/nifti/" + name));
}

// Golden: nibabel, tools/parity/io_arrays.py. Exact.
TEST(Nifti, ReadsEveryType) {
  constexpr std::array kStoredTypes{at::kByte,
                                    at::kChar,
                                    at::kShort,
                                    at::kUInt16,
                                    at::kInt,
                                    at::kUInt32,
                                    at::kLong,
                                    at::kUInt64,
                                    at::kFloat,
                                    at::kDouble,
                                    at::kComplexFloat,
                                    at::kComplexDouble};
  for (const at::ScalarType type : kStoredTypes) {
    SCOPED_TRACE(scalar_type_name(type));
    expect_same(golden_image(scalar_type_name(type) + ".nii").values(), counting(type, {2, 3, 4}));
  }
}

TEST(Nifti, ReadsBothVersionsBothByteOrdersAndGzip) {
  expect_same(golden_image("big_endian.nii").values(), counting(at::kShort, {2, 3, 4, 5}));
  expect_same(golden_image("version_2.nii").values(), counting(at::kFloat, {2, 3, 4, 5}));
  expect_same(golden_image("version_2_big_endian.nii").values(), counting(at::kDouble, {2, 3, 4}));
  expect_same(golden_image("gzipped.nii.gz").values(), counting(at::kFloat, {2, 3, 4}));
  EXPECT_EQ(golden_image("version_2_big_endian.nii").header().version, 2);
}

void expect_matrix(const AffineMatrix& found, const Json& expected) {
  for (size_t row = 0; row < 4; ++row) {
    for (size_t column = 0; column < 4; ++column)
      EXPECT_NEAR(found[row][column], expected[row][column].get<double>(), 1e-12) << row << ", " << column;
  }
}

void expect_transform(const std::optional<AffineMatrix>& found, const Json& expected) {
  ASSERT_EQ(found.has_value(), !expected.is_null());
  if (found) expect_matrix(*found, expected);
}

/// nibabel's values, which are scaled in double precision, rounded to our type.
at::Tensor expected_values(const Json& entry, at::ScalarType type) {
  const at::Tensor real = at::tensor(entry["real"].get<std::vector<double>>());
  const at::Tensor imaginary = at::tensor(entry["imaginary"].get<std::vector<double>>());
  const at::Tensor values = c10::isComplexType(type) ? at::complex(real, imaginary) : real;
  return values.to(type).reshape(entry["shape"].get<std::vector<int64_t>>());
}

TEST(Nifti, GivesNibabelsTransformsAndValues) {
  const Json expected = read_json(test_data("io/nifti/expected.json"));
  ASSERT_GT(expected.size(), 20U);
  for (const auto& [name, entry] : expected.items()) {
    SCOPED_TRACE(name);
    const NiftiFile file = golden_image(name);
    const NiftiHeader& header = file.header();
    expect_transform(header.qform, entry["qform"]);
    expect_transform(header.sform, entry["sform"]);
    expect_matrix(header.voxel_to_world(), entry["affine"]);
    expect_same(file.values(), expected_values(entry, header.value_type()));
  }
}

TEST(Nifti, ScalesToTheSmallestTypeThatHoldsTheNumbers) {
  EXPECT_EQ(golden_image("scaled_int16.nii.gz").values().scalar_type(), at::kFloat);
  EXPECT_EQ(golden_image("scaled_float32.nii.gz").values().scalar_type(), at::kFloat);
  EXPECT_EQ(golden_image("scaled_int32.nii.gz").values().scalar_type(), at::kDouble);
  EXPECT_EQ(golden_image("scaled_complex64.nii.gz").values().scalar_type(), at::kComplexDouble);
  EXPECT_EQ(golden_image("slope_nan.nii.gz").values().scalar_type(), at::kShort);  // no scaling
}

TEST(Nifti, RefusesColoursAndPairsByName) {
  EXPECT_ERROR(golden_image("rgb.nii"), "rgb.nii", "datatype is 128 (RGB)");
  EXPECT_ERROR(golden_image("pair.hdr"), "pair.hdr", "pair of files", "nibabel.save");
}

/// A golden file with some bytes of its header replaced.
class ChangedHeader {
 public:
  template <class T> NiftiFile with(size_t offset, T value) {
    std::string content = read_file(test_data("io/nifti/float32.nii"));
    std::memcpy(content.data() + offset, &value, sizeof value);
    write_file(folder_ / "made.nii", content);
    return NiftiFile(folder_ / "made.nii");
  }

 private:
  testing::TemporaryFolder folder_;
};

TEST(Nifti, NamesTheFieldThatIsWrong) {
  ChangedHeader header;
  EXPECT_ERROR(header.with<int16_t>(40, 8), "made.nii", "dim[0] is 8");
  EXPECT_ERROR(header.with<int16_t>(42, -2), "\"dim\" holds a negative size");
  EXPECT_ERROR(header.with<int16_t>(42, 32767), "truncated", "promise 1572816 bytes of data", "the file has 448");
  EXPECT_ERROR(header.with<int16_t>(70, 77), "datatype is 77, which NIfTI does not know");
  EXPECT_ERROR(header.with<int16_t>(70, 1536), "datatype is 1536 (float128)");
  for (const float offset : {0.0F, 352.5F, -1.0F, std::numeric_limits<float>::quiet_NaN()})
    EXPECT_ERROR(header.with<float>(108, offset), "\"vox_offset\" is");
  EXPECT_ERROR(header.with<float>(108, 1e15F), "truncated");
  EXPECT_ERROR(header.with<float>(116, std::numeric_limits<float>::infinity()), "\"scl_inter\" is inf");
  EXPECT_ERROR(header.with<int32_t>(0, 349), "not a NIfTI file");
}

// NIfTI-2 has sizes of 64 bits, from byte 16 on: dim[0], then dim[1] ... of which 2^20 each make 2^60 elements.
TEST(Nifti, RefusesAPromiseOfTooManyElements) {
  const testing::TemporaryFolder folder;
  const std::string whole = read_file(test_data("io/nifti/version_2.nii"));
  const auto with_sizes = [&](std::array<int64_t, 4> sizes) {
    std::string content = whole;
    std::memcpy(content.data() + 24, sizes.data(), sizeof sizes);
    write_file(folder / "huge.nii", content);
    return NiftiFile(folder / "huge.nii");
  };
  EXPECT_EQ(with_sizes({2, 3, 4, 5}).header().shape, (std::vector<int64_t>{2, 3, 4, 5}));
  const char* too_many = "\"dim\" holds a negative size, or more elements than any file can";
  EXPECT_ERROR(with_sizes({1 << 20, 1 << 20, 1 << 20, 1}), "huge.nii", too_many);
  EXPECT_ERROR(with_sizes({int64_t{1} << 60, 1, 1, 1}), "huge.nii", too_many);
  EXPECT_ERROR(with_sizes({int64_t{1} << 60, int64_t{1} << 60, 1, 1}), "huge.nii", too_many);
  EXPECT_ERROR(with_sizes({int64_t{1} << 40, 1, 1, 1}), "huge.nii", "truncated", "promise 4398046511104 bytes");
  EXPECT_ERROR(with_sizes({-1, 1, 1, 1}), "huge.nii", too_many);
}

TEST(Nifti, RefusesAQuaternionThatIsTooLong) {
  const testing::TemporaryFolder folder;
  std::string content = read_file(test_data("io/nifti/qform_only.nii"));
  const float long_part = 1.5F;
  std::memcpy(content.data() + 256, &long_part, sizeof long_part);
  write_file(folder / "long.nii", content);
  EXPECT_ERROR(NiftiFile(folder / "long.nii"), "long.nii", "quaternion", "longer than 1");
}

TEST(Nifti, RefusesEveryTruncation) {
  const testing::TemporaryFolder folder;
  for (const char* name : {"float32.nii", "version_2.nii", "gzipped.nii.gz"}) {
    const std::string whole = read_file(test_data(std::string("io/nifti/") + name));
    for (size_t length = 0; length + 8 < whole.size(); length += 7) {  // the last 8 bytes of gzip are its checksum
      write_file(folder / "cut.nii", whole.substr(0, length));
      EXPECT_ERROR(NiftiFile(folder / "cut.nii").values(), "cut.nii");
    }
  }
}

}  // namespace
}  // namespace fmri2img::io
