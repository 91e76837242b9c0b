#include "fmri2img/io/resize_image.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/io/safetensors.h"
#include "tests/support/errors.h"
#include "tests/support/reference_data.h"

namespace fmri2img::io {
namespace {

Filter filter_named(const std::string& name) {
  return name == "bilinear" ? Filter::kBilinear : name == "bicubic" ? Filter::kBicubic : Filter::kLanczos;
}

// Golden: Pillow 13. Names are PICTURE and PICTURE/FILTER/HEIGHTxWIDTH.
TEST(ResizeImage, EqualsPillowInEveryValue) {
  const StateDict golden = read_safetensors(testing::test_data("pictures/resized.safetensors"));
  int compared = 0;
  for (const auto& [name, expected] : golden) {
    const size_t slash = name.find('/');
    if (slash == std::string::npos) continue;
    const Filter filter = filter_named(name.substr(slash + 1, name.rfind('/') - slash - 1));
    const at::Tensor& pixels = golden.at(name.substr(0, slash));
    EXPECT_TRUE(at::equal(resize_image(pixels, expected.size(0), expected.size(1), filter), expected)) << name;
    ++compared;
  }
  EXPECT_EQ(compared, 48);
}

TEST(ResizeImage, TakesAnyStridesAndChannels) {
  const StateDict golden = read_safetensors(testing::test_data("pictures/resized.safetensors"));
  const at::Tensor& pixels = golden.at("0");
  const at::Tensor flipped = pixels.permute({2, 0, 1}).contiguous().permute({1, 2, 0});
  const at::Tensor expected = golden.at("0/bicubic/7x5");
  EXPECT_TRUE(at::equal(resize_image(flipped, 7, 5, Filter::kBicubic), expected));
  const at::Tensor four = resize_image(at::cat({pixels, pixels.narrow(2, 0, 1)}, 2), 7, 5, Filter::kBicubic);
  EXPECT_TRUE(at::equal(four.narrow(2, 0, 3), expected));
  EXPECT_TRUE(at::equal(four.select(2, 3), expected.select(2, 0)));
}

TEST(ResizeImage, SaysWhatSizesThereAre) {
  const at::Tensor pixels = at::zeros({4, 5, 3}, at::kByte);
  EXPECT_ERROR(resize_image(pixels, 0, 5, Filter::kBicubic), "4 x 5 to 0 x 5", "134,217,728 pixels");
  EXPECT_ERROR(resize_image(pixels, 1 << 20, 1 << 20, Filter::kBicubic), "1048576 x 1048576");
  EXPECT_ERROR(resize_image(at::zeros({0, 5, 3}, at::kByte), 2, 2, Filter::kBicubic), "0 x 5 to 2 x 2");
  // The picture between the two directions is never larger than both.
  const at::Tensor wide = resize_image(at::full({1 << 20, 1, 1}, 7, at::kByte), 1, 1 << 20, Filter::kBicubic);
  EXPECT_TRUE((wide == 7).all().item<bool>());
}

}  // namespace
}  // namespace fmri2img::io
