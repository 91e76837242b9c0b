#include <fmt/format.h>
#include <gmock/gmock.h>

#include "fmri2img/core/atomic_file.h"
#include "tests/unit/data/checked_subject.h"

namespace fmri2img::data {
namespace {

namespace fs = std::filesystem;

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::kTestRows;
using testing::kTrainRows;

class CheckPictures : public CheckedSubject {
 protected:
  /// Puts a golden file of the picture readers in place of row 4.
  void replace_row_4(const std::string& name) const {
    fs::copy_file(testing::test_data("io_models/pictures") / name, picture(4), fs::copy_options::overwrite_existing);
  }
  void make_all_of_size(int64_t height, int64_t width) const {
    for (int64_t row = 0; row < kTrainRows; ++row) {
      io::write_png(picture(row), testing::made_picture(static_cast<uint64_t>(900 + row), height, width));
    }
  }
};

TEST_F(CheckPictures, CountMustBeThatOfTheRows) {
  fs::remove(picture(11));
  EXPECT_THAT(codes(), ElementsAre("error picture-count"));
  expect_finding("picture-count", {"training_images", "11 pictures", "12 rows", "copy the missing pictures"});
  io::write_png(picture(11), testing::made_picture(1));
  io::write_png(picture(12), testing::made_picture(2));
  expect_finding("picture-count", {"13 pictures", "remove the pictures"});
}

TEST_F(CheckPictures, GapInTheNumbersIsNamed) {
  fs::remove(picture(3));
  fs::remove(picture(5));
  EXPECT_THAT(codes(), ElementsAre("error picture-count", "warning picture-numbers"));
  expect_finding("picture-numbers", {"2 numbers missing", "4, 6"});
}

TEST_F(CheckPictures, TwoPicturesWithOneNumber) {
  fs::remove(picture(11));
  io::write_png(pictures() / "train-004_nsd-00090.png", testing::made_picture(3));
  const std::vector<std::string> found = codes();
  EXPECT_THAT(found, ::testing::Contains("warning picture-number-repeated"));
}

TEST_F(CheckPictures, NsdNumbersThatDoNotAscend) {
  fs::rename(picture(2), pictures() / "train-0003_nsd-70000.png");
  EXPECT_THAT(codes(), ElementsAre("warning picture-order"));
  expect_finding("picture-order", {"train-0004_nsd-00034.png", "row 3", "after train-0003_nsd-70000.png"});
}

TEST_F(CheckPictures, NumbersForNamesAreFine) {
  for (int64_t row = 0; row < kTrainRows; ++row) fs::rename(picture(row), pictures() / fmt::format("{}.png", row));
  EXPECT_THAT(codes(), IsEmpty());
}

TEST_F(CheckPictures, NamesWithoutANumberAreANote) {
  for (int64_t row = 0; row < kTrainRows; ++row)
    fs::rename(picture(row), pictures() / std::string(1, static_cast<char>('a' + row)).append(".png"));
  EXPECT_THAT(codes(), ElementsAre("note picture-names"));
}

TEST_F(CheckPictures, DamagedFilesAreNamedEachWithItsRow) {
  write_file(picture(2), read_file(picture(2)).substr(0, 80));
  write_file(picture(7), "no picture");
  EXPECT_THAT(codes(), ElementsAre("error picture-unreadable", "error picture-unreadable"));
  expect_finding("picture-unreadable", {"train-0003_nsd-00027.png", "row 2", "not a whole PNG"});
}

TEST_F(CheckPictures, OtherSizesAreNamed) {
  make_all_of_size(6, 6);
  io::write_png(picture(4), testing::made_picture(3, 6, 5));
  io::write_png(picture(9), testing::made_picture(4, 7, 6));
  EXPECT_THAT(codes(), ElementsAre("warning picture-sizes"));
  expect_finding("picture-sizes", {"2 pictures not of 6 x 6", "rows 4, 9"});
}

TEST_F(CheckPictures, EveryModeIsToldFromRgb) {
  const int64_t size = io::read_image_info(testing::test_data("io_models/pictures/rgb8.png")).height;
  make_all_of_size(size, io::read_image_info(testing::test_data("io_models/pictures/rgb8.png")).width);
  replace_row_4("rgb8.png");
  EXPECT_THAT(codes(), IsEmpty());
  replace_row_4("grey8.png");
  EXPECT_THAT(codes(), ElementsAre("note pictures-grey"));
  expect_finding("pictures-grey", {"1 of 12 pictures: grey (rows 4)"});
  replace_row_4("rgba8.png");
  EXPECT_THAT(codes(), ElementsAre("warning pictures-alpha"));
  replace_row_4("rgb16.png");
  EXPECT_THAT(codes(), ElementsAre("warning pictures-16-bit"));
  replace_row_4("grey_alpha16.png");
  EXPECT_THAT(codes(), ElementsAre("note pictures-grey", "warning pictures-alpha", "warning pictures-16-bit"));
  expect_finding("pictures-16-bit", {"1 of 12 pictures: 16 bits", "8 bits a channel"});
}

TEST_F(CheckPictures, RepeatedPicturesAreFoundByTheirPixels) {
  fs::copy_file(picture(1), picture(6), fs::copy_options::overwrite_existing);
  const std::string bytes = read_file(picture(1));
  write_file(picture(8), bytes + "bytes after the end of the picture");
  EXPECT_THAT(codes(), ElementsAre("warning pictures-repeated"));
  expect_finding("pictures-repeated", {"2 pictures", "row 6 shows the picture of row 1", "rows 6, 8", "--hold-out"});
}

TEST_F(CheckPictures, TestPicturesThatWereTrainedOn) {
  const fs::path test = pictures(Partition::kTest) / picture_file_name(Partition::kTest, 2, 27);
  fs::copy_file(picture(5), test, fs::copy_options::overwrite_existing);
  EXPECT_THAT(codes(), ElementsAre("warning pictures-in-both-splits"));
  expect_finding("pictures-in-both-splits", {"test_split/test_images", "1 of 3 test pictures", "training rows 5"});
}

TEST_F(CheckPictures, MissingFolderIsAWarning) {
  fs::remove_all(pictures());
  EXPECT_THAT(codes(), ElementsAre("warning pictures-missing"));
}

TEST_F(CheckPictures, EmptyFolderLacksEveryPicture) {
  fs::remove_all(pictures());
  fs::create_directory(pictures());
  EXPECT_THAT(codes(), ElementsAre("error picture-count"));
}

}  // namespace
}  // namespace fmri2img::data
