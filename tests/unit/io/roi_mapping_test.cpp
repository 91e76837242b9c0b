#include "fmri2img/io/roi_mapping.h"

#include <gtest/gtest.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::io {
namespace {

using testing::test_data;

const std::map<int64_t, std::string> kNames{{0, "Unknown"}, {1, "V1v"}, {7, "hV4"}, {-1, "caf\u00e9"}};

// Golden: numpy.save, tools/parity/io_arrays.py.
TEST(RoiMapping, ReadsPythonAndNumPyKeysOfEveryProtocol) {
  EXPECT_EQ(read_roi_mapping(test_data("io/roi_mapping/as_numpy_saves.npy")), kNames);
  for (const char* keys : {"python", "numpy_int"}) {
    for (const char* protocol : {"2", "3", "4", "5"}) {
      SCOPED_TRACE(std::string(keys) + protocol);
      EXPECT_EQ(read_roi_mapping(test_data(std::string("io/roi_mapping/") + keys + "_protocol_" + protocol + ".npy")),
                kNames);
    }
  }
}

// That NumPy loads what is written: tools/parity/simulate.py.
TEST(RoiMapping, ReadsWhatItWrites) {
  const testing::TemporaryFolder folder;
  write_roi_mapping(folder / "mapping.npy", kNames);
  EXPECT_EQ(read_roi_mapping(folder / "mapping.npy"), kNames);
  write_roi_mapping(folder / "empty.npy", {});
  EXPECT_TRUE(read_roi_mapping(folder / "empty.npy").empty());
}

TEST(RoiMapping, WritesTheHeaderOfNumPy) {
  const testing::TemporaryFolder folder;
  write_roi_mapping(folder / "mapping.npy", kNames);
  const std::string golden = read_file(test_data("io/roi_mapping/as_numpy_saves.npy"));
  EXPECT_EQ(read_file(folder / "mapping.npy").substr(0, 128), golden.substr(0, 128));
}

TEST(RoiMapping, RefusesAnyOtherClassByName) {
  EXPECT_ERROR(read_roi_mapping(test_data("io/roi_mapping/hostile_2.npy")), "hostile_2.npy", "os.system", "refused");
  EXPECT_ERROR(read_roi_mapping(test_data("io/roi_mapping/hostile_4.npy")), "hostile_4.npy", "posix.system", "refused");
}

TEST(RoiMapping, RefusesOtherArrays) {
  EXPECT_ERROR(read_roi_mapping(test_data("io/npy/float32.npy")), "float32.npy", "not a ROI mapping");
  EXPECT_ERROR(read_roi_mapping(test_data("io/roi_mapping/list.npy")), "list.npy", "not a ROI mapping");
}

TEST(RoiMapping, RefusesEveryTruncationOfAFile) {
  const testing::TemporaryFolder folder;
  const std::string whole = read_file(test_data("io/roi_mapping/numpy_int_protocol_2.npy"));
  for (size_t length = 0; length < whole.size(); ++length) {
    write_file(folder / "cut.npy", whole.substr(0, length));
    EXPECT_ERROR(read_roi_mapping(folder / "cut.npy"), "cut.npy");
  }
}

}  // namespace
}  // namespace fmri2img::io
