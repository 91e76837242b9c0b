#include "fmri2img/data/picture_arrays.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "tests/support/errors.h"

namespace fmri2img::data {
namespace {

/// Two pictures, 3 high and 2 wide: 0, 1, 2 ... in index order.
at::Tensor two_pictures() {
  return at::arange(12, at::kByte).reshape({2, 3, 2});
}

at::Tensor pictures_from_array(const at::Tensor& array, const PictureArrayOptions& options, const std::string& where) {
  const PictureArray pictures(array, options, where);
  return pictures.pictures(0, pictures.size());
}

TEST(PictureArrays, KeepPicturesThatAlreadyHaveAShape) {
  EXPECT_TRUE(at::equal(pictures_from_array(two_pictures(), {}, "x"), two_pictures()));
  const at::Tensor colour = at::arange(36, at::kByte).reshape({2, 3, 2, 3});
  EXPECT_TRUE(at::equal(pictures_from_array(colour.to(at::kDouble), {}, "x"), colour));
}

TEST(PictureArrays, UnfoldFlatPicturesByRowOrByColumn) {
  const PictureArrayOptions by_row{.shape = std::pair<int64_t, int64_t>{3, 2}};
  EXPECT_TRUE(at::equal(pictures_from_array(two_pictures().reshape({2, 6}), by_row, "x"), two_pictures()));
  const PictureArrayOptions by_column{.shape = std::pair<int64_t, int64_t>{3, 2}, .order = PictureOrder::kColumn};
  const at::Tensor flat = two_pictures().transpose(1, 2).reshape({2, 6});
  EXPECT_TRUE(at::equal(pictures_from_array(flat, by_column, "x"), two_pictures()));
}

TEST(PictureArrays, UnfoldFlatColourPictures) {
  const at::Tensor colour = at::arange(36, at::kByte).reshape({2, 3, 2, 3});
  const PictureArrayOptions by_row{.shape = std::pair<int64_t, int64_t>{3, 2}};
  EXPECT_TRUE(at::equal(pictures_from_array(colour.reshape({2, 18}), by_row, "x"), colour));
  const PictureArrayOptions by_column{.shape = std::pair<int64_t, int64_t>{3, 2}, .order = PictureOrder::kColumn};
  const at::Tensor matlab = colour.permute({0, 3, 2, 1}).reshape({2, 18});  // column by column, plane by plane
  EXPECT_TRUE(at::equal(pictures_from_array(matlab, by_column, "x"), colour));
}

TEST(PictureArrays, FlatPicturesAreSquareUnlessSaidOtherwise) {
  EXPECT_EQ(pictures_from_array(at::ones({5, 784}) * 9, {}, "x").sizes(), (std::vector<int64_t>{5, 28, 28}));
  EXPECT_EQ(pictures_from_array(at::ones({5, 12}) * 9, {}, "x").sizes(), (std::vector<int64_t>{5, 2, 2, 3}));
  EXPECT_ERROR(pictures_from_array(at::ones({5, 20}), {}, "d.mat:stim"), "d.mat:stim", "20 values", "--picture-shape");
}

TEST(PictureArrays, FractionsBecomeLevels) {
  const at::Tensor fractions = at::tensor({0.0, 0.5, 1.0, 0.25}).view({1, 2, 2});
  EXPECT_TRUE(
      at::equal(pictures_from_array(fractions, {}, "x"), at::tensor({0, 128, 255, 64}).to(at::kByte).view({1, 2, 2})));
}

TEST(PictureArrays, AScaleIsOfAllPicturesTogether) {
  at::Tensor levels = at::ones({100, 2, 2}, at::kByte);
  EXPECT_EQ(PictureArray(levels, {}, "x").pictures(0, 1).max().item<int>(), 255);
  levels[99][0][0] = 2;
  EXPECT_EQ(PictureArray(levels, {}, "x").pictures(0, 1).max().item<int>(), 1);
}

TEST(PictureArrays, GiveAnyRangeOfPictures) {
  const at::Tensor colour = at::arange(36, at::kByte).reshape({2, 3, 2, 3});
  const PictureArrayOptions by_row{.shape = std::pair<int64_t, int64_t>{3, 2}};
  const PictureArray pictures(colour.reshape({2, 18}), by_row, "x");
  EXPECT_EQ(pictures.size(), 2);
  EXPECT_TRUE(at::equal(pictures.pictures(1, 1), colour.slice(0, 1)));
}

TEST(PictureArrays, RefuseWhatIsNoPicture) {
  EXPECT_ERROR(PictureArray(at::zeros({1, 2, 2}, at::kComplexFloat), {}, "x"), "x: holds complex numbers");
  const at::Tensor late = at::cat({at::zeros({99, 2, 2}), at::full({1, 2, 2}, 300)});
  EXPECT_ERROR(PictureArray(late, {}, "x"), "run from 0 to 300");
  EXPECT_ERROR(pictures_from_array(at::ones({4}), {}, "x"), "x: shape 4 is none of pictures");
  EXPECT_ERROR(pictures_from_array(at::ones({2, 3, 2, 4}), {}, "x"), "shape 2 x 3 x 2 x 4");
  EXPECT_ERROR(pictures_from_array(at::ones({0, 3, 2}), {}, "x"), "shape 0 x 3 x 2");
  EXPECT_ERROR(pictures_from_array(at::full({1, 2, 2}, NAN), {}, "x"), "not finite");
  EXPECT_ERROR(pictures_from_array(at::full({1, 2, 2}, 256), {}, "x"), "run from 256 to 256", "0 .. 255");
  EXPECT_ERROR(pictures_from_array(at::full({1, 2, 2}, -1), {}, "x"), "run from -1");
  const PictureArrayOptions other{.shape = std::pair<int64_t, int64_t>{28, 28}};
  EXPECT_ERROR(pictures_from_array(at::ones({1, 100}), other, "x"), "100 values", "28x28 needs 784");
}

}  // namespace
}  // namespace fmri2img::data
