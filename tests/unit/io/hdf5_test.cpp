#include "fmri2img/io/hdf5.h"

#include <gtest/gtest.h>
#include <hdf5.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/json.h"
#include "fmri2img/io/hdf5_objects.h"
#include "fmri2img/io/scalar_type.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/io/counting.h"

namespace fmri2img::io {
namespace {

using testing::test_data;

constexpr std::array kEveryType{at::kBool,
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

// Golden: h5py, tools/parity/io_arrays.py. Exact.
TEST(Hdf5, ReadsEveryTypeInBothByteOrders) {
  const Hdf5File file(test_data("io/hdf5/all_types.h5"));
  for (const at::ScalarType type : kEveryType) {
    const std::string name = scalar_type_name(type);
    SCOPED_TRACE(name);
    expect_same(file.read(name), counting(type, {2, 3}));
    if (c10::elementSize(type) > 1) expect_same(file.read("big_endian/" + name), counting(type, {2, 3}));
  }
  expect_same(file.read("enumeration"), counting(at::kShort, {2, 3}));
  EXPECT_EQ(file.variables().size(), 14U + 11U + 1U);
}

TEST(Hdf5, ReadsEveryLayout) {
  const Hdf5File file(test_data("io/hdf5/layouts.h5"));
  expect_same(file.read("group/below/contiguous"), counting(at::kFloat, {6, 4}));
  expect_same(file.read("group/gzip"), counting(at::kFloat, {6, 4}));
  expect_same(file.read("growing"), counting(at::kInt, {7, 2}));
  expect_same(file.read("never_written"), at::full({3, 2}, 2.5));
  EXPECT_EQ(file.read("scalar").item<double>(), 7.5);
  EXPECT_EQ(file.read("empty").sizes(), (std::vector<int64_t>{0, 5}));
  expect_same(Hdf5File(test_data("io/hdf5/only_one.h5")).read(""), counting(at::kFloat, {2, 3}));
}

TEST(Hdf5, ReadsSomeRows) {
  const Hdf5File file(test_data("io/hdf5/layouts.h5"));
  const std::vector<int64_t> rows{0, 2, 3, 5};
  for (const char* name : {"group/below/contiguous", "group/gzip"}) {
    SCOPED_TRACE(name);
    const at::Tensor expected = counting(at::kFloat, {6, 4}).index_select(0, at::tensor(rows));
    expect_same(file.read_rows(name, rows), expected);
    EXPECT_EQ(file.read_rows(name, {}).sizes(), (std::vector<int64_t>{0, 4}));
    const std::vector<int64_t> beyond{2, 6};
    EXPECT_ERROR(file.read_rows(name, beyond), "layouts.h5", name, "has 6 rows, row 6 was asked for");
  }
  EXPECT_ERROR(file.read_rows("scalar", rows), "\"scalar\" is one number and has no rows");
}

TEST(Hdf5, ListsWhatItCannotReadAndFollowsNothingOutOfTheFile) {
  const Hdf5File file(test_data("io/hdf5/layouts.h5"));
  const std::vector<VariableInfo> variables = file.variables();
  for (const auto& expected : {std::pair{"text", "string"},
                               {"compound", "compound"},
                               {"lists", "variable-length"},
                               {"references", "reference"},
                               {"null", "empty"},
                               {"soft", "a link"},
                               {"outside", "a link"},
                               {"raw_elsewhere", "stored in other files"},
                               {"virtual", "stored in other files"}}) {
    const std::string name = expected.first, type = expected.second;
    const auto found = std::ranges::find(variables, name, &VariableInfo::name);
    ASSERT_NE(found, variables.end()) << name;
    EXPECT_EQ(found->type, type) << name;
    EXPECT_ERROR(file.read(name), "layouts.h5", name, type, "not an array of numbers");
  }
}

TEST(Hdf5, NamesFiltersAndAbsurdSizes) {
  const Hdf5File file(test_data("io/hdf5/layouts.h5"));
  EXPECT_ERROR(file.read("lzf"), "layouts.h5", "\"lzf\"", "filter 32000 (lzf)", "save it with gzip");
  EXPECT_ERROR(file.read("absurd"), "layouts.h5", "\"absurd\"", "more elements than any file can hold");
  const std::vector<int64_t> rows{0, 1, 2, 3, 4, 5, 6, int64_t{1} << 39};
  EXPECT_ERROR(file.read_rows("absurd", rows), "\"absurd\" claims 33554432 bytes, more than the");
  EXPECT_ERROR(file.read("growin"), "did you mean \"growing\"");
}

// HDF5 2.0 writes layouts that 1.10 does not know; the other datasets stay readable.
TEST(Hdf5, SaysWhichDatasetsAreTooNew) {
  const Hdf5File file(test_data("io/hdf5/newer.h5"));
  expect_same(file.read("old"), counting(at::kFloat, {2, 3}));
  unsigned major = 0, minor = 0, release = 0;
  H5get_libversion(&major, &minor, &release);
  if (major >= 2) GTEST_SKIP() << "this HDF5 reads them";
  EXPECT_ERROR(file.read("new"), "newer.h5", "\"new\" is damaged, or of a newer HDF5 (bad version number");
}

TEST(Hdf5, RefusesEveryTruncation) {
  const testing::TemporaryFolder folder;
  const std::string whole = read_file(test_data("io/hdf5/only_one.h5"));
  for (size_t length = 0; length < whole.size(); length += 61) {
    write_file(folder / "cut.h5", whole.substr(0, length));
    EXPECT_ERROR(Hdf5File(folder / "cut.h5").read("data"), "cut.h5");
  }
  write_file(folder / "cut.h5", whole.substr(0, whole.size() - 1));
  EXPECT_ERROR(Hdf5File(folder / "cut.h5"), "cut.h5", "HDF5 cannot open it", "truncated file");
  write_file(folder / "text.h5", "This is no HDF5 file at all.");
  EXPECT_ERROR(Hdf5File(folder / "text.h5"), "text.h5", "not an HDF5 file (its signature is missing)");
}

// In release builds a NaN would become some number, silently: tests/fuzz found it where the sanitizer looks.
TEST(Hdf5Objects, HaveWholeNumbersForSizes) {
  for (const double size : {std::nan(""), 1e300, 2.5}) {
    Json list = Json::array();
    list.push_back({"lh_fmri", "float32", Json::array({size}), true, "", false});
    std::string answer;
    Json::to_cbor(list, answer);
    EXPECT_ERROR(hdf5::objects_from_cbor(answer, "a.h5"), "a.h5 is damaged: the list of its datasets makes no sense");
  }
}

}  // namespace
}  // namespace fmri2img::io
