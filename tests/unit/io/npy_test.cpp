#include "fmri2img/io/npy.h"

#include <gtest/gtest.h>

#include <array>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/io/scalar_type.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/io/counting.h"

namespace fmri2img::io {
namespace {

using testing::test_data;

constexpr std::array kTypes{at::kBool,
                            at::kChar,
                            at::kShort,
                            at::kInt,
                            at::kLong,
                            at::kByte,
                            at::kUInt16,
                            at::kUInt32,
                            at::kUInt64,
                            at::kHalf,
                            at::kFloat,
                            at::kDouble,
                            at::kComplexFloat,
                            at::kComplexDouble};

// Golden: NumPy, tools/parity/io_arrays.py. Exact.
TEST(Npy, ReadsEveryNumericType) {
  for (const at::ScalarType type : kTypes) {
    const std::string name = scalar_type_name(type);
    SCOPED_TRACE(name);
    expect_same(read_npy(test_data("io/npy/" + name + ".npy")), counting(type, {2, 3}));
    expect_same(NpyFile(test_data("io/npy/" + name + ".npy")).tensor(), counting(type, {2, 3}));
    if (c10::elementSize(type) > 1) {
      expect_same(read_npy(test_data("io/npy/" + name + "_big_endian.npy")), counting(type, {2, 3}));
    }
  }
}

TEST(Npy, ReadsFortranOrderAsAStridedView) {
  const NpyFile file(test_data("io/npy/fortran.npy"));
  EXPECT_TRUE(file.fortran_order());
  const at::Tensor array = file.tensor();
  EXPECT_EQ(array.strides(), (std::vector<int64_t>{1, 2, 6}));
  expect_same(array, counting(at::kFloat, {2, 3, 4}));
  expect_same(read_npy(test_data("io/npy/fortran_big_endian.npy")), counting(at::kShort, {2, 3, 4}));
  EXPECT_TRUE(read_npy(test_data("io/npy/fortran.npy")).is_contiguous());
}

TEST(Npy, ReadsScalarsEmptyArraysAndEveryFormatVersion) {
  expect_same(read_npy(test_data("io/npy/scalar.npy")), at::scalar_tensor(7.5, at::kDouble));
  expect_same(read_npy(test_data("io/npy/empty.npy")), at::zeros({0, 5}));
  for (const char* version : {"2", "3"}) {
    expect_same(read_npy(test_data(std::string("io/npy/version_") + version + ".npy")), counting(at::kFloat, {2, 3}));
  }
}

TEST(Npy, TensorOutlivesTheFileObject) {
  const at::Tensor array = [] { return NpyFile(test_data("io/npy/float32.npy")).tensor(); }();
  expect_same(array, counting(at::kFloat, {2, 3}));
}

// The files in tests/data/io/npy are what numpy.save wrote.
TEST(Npy, WritesTheBytesThatNumPyWrites) {
  const testing::TemporaryFolder folder;
  for (const at::ScalarType type : kTypes) {
    write_npy(folder / "a.npy", counting(type, {2, 3}));
    EXPECT_EQ(read_file(folder / "a.npy"), read_file(test_data("io/npy/" + scalar_type_name(type) + ".npy"))) << type;
  }
  write_npy(folder / "a.npy", at::scalar_tensor(7.5, at::kDouble));
  EXPECT_EQ(read_file(folder / "a.npy"), read_file(test_data("io/npy/scalar.npy")));
  write_npy(folder / "a.npy", counting(at::kInt, {5}));
  EXPECT_EQ(read_file(folder / "a.npy"), read_file(test_data("io/npy/one_dimension.npy")));
}

TEST(Npy, WritesStridedTensorsInIndexOrder) {
  const testing::TemporaryFolder folder;
  write_npy(folder / "a.npy", counting(at::kFloat, {3, 2}).t());
  expect_same(read_npy(folder / "a.npy"), counting(at::kFloat, {3, 2}).t());
}

TEST(Npy, RefusesBfloat16SayingWhatToDo) {
  const testing::TemporaryFolder folder;
  EXPECT_ERROR(write_npy(folder / "a.npy", at::zeros({2}, at::kBFloat16)), "bfloat16", "float32");
}

TEST(Npy, RefusesTypesThatAreNotNumbers) {
  EXPECT_ERROR(NpyFile(test_data("io/npy/structured.npy")), "structured.npy", "\"descr\"", "structured");
  EXPECT_ERROR(NpyFile(test_data("io/npy/objects.npy")), "objects.npy", "\"descr\"", "object array");
  EXPECT_ERROR(NpyFile(test_data("io/npy/strings.npy")), "strings.npy", "\"descr\" is '<U2'");
}

class NpyWithHeader {
 public:
  explicit NpyWithHeader(const std::string& text, const std::string& data = {}) {
    const std::string length{static_cast<char>(text.size() & 0xff), static_cast<char>(text.size() >> 8)};
    write_file(path(), std::string("\x93NUMPY\x01\x00", 8) + length + text + data);
  }
  std::filesystem::path path() const { return folder_ / "made.npy"; }

 private:
  testing::TemporaryFolder folder_;
};

TEST(Npy, RefusesHeadersThatPromiseMoreThanTheFileHolds) {
  const auto open_with_shape = [](const std::string& shape) {
    return NpyFile(NpyWithHeader("{'descr': '<f8', 'fortran_order': False, 'shape': " + shape + ", }").path());
  };
  EXPECT_ERROR(open_with_shape("(1152921504606846976,)"), "made.npy", "\"shape\"");
  EXPECT_ERROR(open_with_shape("(1152921504606846976, 1152921504606846976)"), "made.npy", "\"shape\"");
  EXPECT_ERROR(open_with_shape("(0, 1152921504606846976, 1152921504606846976)"), "made.npy", "\"shape\"");
  EXPECT_ERROR(open_with_shape("(99999999999999999999,)"), "made.npy", "\"shape\"");
  EXPECT_ERROR(open_with_shape("(-1,)"), "made.npy", "\"shape\"");
  EXPECT_ERROR(open_with_shape("(2, 3)"), "made.npy", "promise 48 bytes", "has 0");
}

TEST(Npy, RefusesMalformedHeaders) {
  const auto open = [](const std::string& text) { return NpyFile(NpyWithHeader(text).path()); };
  EXPECT_ERROR(open("[1, 2]"), "malformed .npy header");
  EXPECT_ERROR(open("{'descr': '<f4', 'shape': (2,), }"), "no \"fortran_order\"");
  EXPECT_ERROR(open("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2,), }"),
               "\"fortran_order\" is neither True nor False");
  EXPECT_ERROR(open("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 1}"), "unknown field \"x\"");
}

TEST(Npy, RefusesEveryTruncationOfAFile) {
  const testing::TemporaryFolder folder;
  const std::string whole = read_file(test_data("io/npy/float32.npy"));
  for (size_t length = 0; length < whole.size(); ++length) {
    write_file(folder / "cut.npy", whole.substr(0, length));
    EXPECT_ERROR(NpyFile(folder / "cut.npy"), "cut.npy");
  }
}

}  // namespace
}  // namespace fmri2img::io
