#include "fmri2img/data/pictures.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/io/image.h"
#include "tests/support/captured_log.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::data {
namespace {

using testing::CapturedLog;
using testing::TemporaryFolder;

/// Names in row order of a folder that has these files; the order of making them must not matter.
std::vector<std::string> order_of(const std::vector<std::string>& names) {
  const TemporaryFolder folder;
  for (const std::string& name : names) write_file(folder / name, "");
  const Pictures pictures(folder.path());
  std::vector<std::string> ordered;
  for (int64_t row = 0; row < pictures.size(); ++row) ordered.push_back(pictures.path(row).filename().string());
  return ordered;
}

TEST(Pictures, SortByTheNumbersInTheirNames) {
  EXPECT_EQ(order_of({"10.png", "9.png", "0.png", "100.png", "1.png"}),
            (std::vector<std::string>{"0.png", "1.png", "9.png", "10.png", "100.png"}));
  EXPECT_EQ(
      order_of({"train-0010_nsd-00001.png", "train-0002_nsd-73000.png", "train-9841_nsd-00500.png"}),
      (std::vector<std::string>{"train-0002_nsd-73000.png", "train-0010_nsd-00001.png", "train-9841_nsd-00500.png"}));
  EXPECT_EQ(order_of({"train-10000.png", "train-9999.png"}),
            (std::vector<std::string>{"train-9999.png", "train-10000.png"}));
}

TEST(Pictures, ArePngAndJpegFilesThatAreNotHidden) {
  EXPECT_EQ(order_of({"2.JPG", "1.png", "3.jpeg", ".4.png", "5.txt", "6.png.tmp", "thumbs.db"}),
            (std::vector<std::string>{"1.png", "2.JPG", "3.jpeg"}));
}

TEST(Pictures, NaturalOrderIsStrictAndTotal) {
  const std::vector<std::string> ascending{"",
                                           "1",
                                           "01",
                                           "001",
                                           "2",
                                           "10",
                                           "a",
                                           "a1",
                                           "a1b",
                                           "a01b",
                                           "a2",
                                           "b99999999999999999999",
                                           "b100000000000000000000"};
  for (size_t i = 0; i < ascending.size(); ++i) {
    for (size_t j = 0; j < ascending.size(); ++j) {
      const bool less = natural_less(ascending[i], ascending[j]);
      EXPECT_FALSE(less && natural_less(ascending[j], ascending[i])) << ascending[i] << " " << ascending[j];
      EXPECT_EQ(less || natural_less(ascending[j], ascending[i]), i != j) << ascending[i] << " " << ascending[j];
    }
    EXPECT_FALSE(natural_less(ascending[i], ascending[i]));
  }
  EXPECT_TRUE(natural_less("b99999999999999999999", "b100000000000000000000"));
}

TEST(Pictures, GoByTheirNsdNumberOrTheirName) {
  const TemporaryFolder folder;
  for (const char* name : {"train-0001_nsd-00013.png", "train-0002.png", "train-0003_nsd-.png"})
    write_file(folder / name, "");
  const Pictures pictures(folder.path());
  EXPECT_EQ(pictures.id(0), "nsd-00013");
  EXPECT_EQ(pictures.nsd_id(0), 13);
  EXPECT_EQ(pictures.id(1), "train-0002");
  EXPECT_EQ(pictures.nsd_id(1), std::nullopt);
  EXPECT_EQ(pictures.id(2), "train-0003_nsd-");
  EXPECT_ERROR(pictures.path(3), "has 3 pictures", "no picture 3");
  EXPECT_ERROR(pictures.load(-1), "no picture -1");
}

TEST(Pictures, MissingFolderIsNamed) {
  EXPECT_ERROR(Pictures("/no/such/folder"), "cannot list", "/no/such/folder");
}

// The golden files of the picture readers: grey as RGB, alpha dropped, 16 bits cut, as Pillow's convert("RGB").
TEST(Pictures, ConvertEveryModeToRgbAndSayOnceWhatIsLost) {
  const TemporaryFolder folder;
  for (const char* name : {"grey8.png", "rgb8.png", "rgba8.png", "grey_alpha8.png", "grey16.png", "rgb16.png"}) {
    std::filesystem::copy_file(testing::test_data("io_models/pictures") / name, folder / name);
  }
  const CapturedLog log;
  const Pictures pictures(folder.path());
  for (int round = 0; round < 2; ++round) {
    // NOLINTNEXTLINE(performance-unnecessary-copy-initialization): copies warn once together
    const Pictures copy = pictures;
    for (int64_t row = 0; row < copy.size(); ++row) {
      const at::Tensor picture = copy.load(row);
      EXPECT_EQ(picture.size(2), 3);
      EXPECT_EQ(picture.scalar_type(), at::kByte);
    }
  }
  ASSERT_EQ(log.warnings().size(), 2U);
  EXPECT_TRUE(log.says("grey_alpha8.png\" has an alpha channel: it is dropped"));
  EXPECT_TRUE(log.says("grey16.png\" has 16 bits a channel"));
}

TEST(Pictures, DamagedFileIsNamed) {
  const TemporaryFolder folder;
  const std::string whole = read_file(testing::test_data("io_models/pictures/rgb8.png"));
  write_file(folder / "0.png", whole.substr(0, whole.size() / 2));
  write_file(folder / "1.png", "no picture");
  const Pictures pictures(folder.path());
  EXPECT_ERROR(pictures.load(0), "0.png", "not a whole PNG picture");
  EXPECT_ERROR(pictures.load(1), "1.png", "expected a PNG or JPEG picture");
}

}  // namespace
}  // namespace fmri2img::data
