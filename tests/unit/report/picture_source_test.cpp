#include "fmri2img/report/picture_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/io/image.h"
#include "fmri2img/io/jpeg_writer.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace fmri2img::report {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

at::Tensor ramp(int64_t height, int64_t width) {
  return at::arange(width).mul(200).div(width).to(at::kByte).view({1, width, 1}).expand({height, width, 3});
}

TEST(EncodeJpeg, ComesBackNearlyTheSame) {
  const testing::TemporaryFolder folder;
  write_file(folder / "a.jpg", io::encode_jpeg(ramp(40, 60), 90));
  const at::Tensor read = io::read_image(folder / "a.jpg");
  EXPECT_EQ(read.sizes(), (std::vector<int64_t>{40, 60, 3}));
  EXPECT_LT((read.to(at::kFloat) - ramp(40, 60).to(at::kFloat)).abs().max().item<float>(), 6);
  EXPECT_ERROR(io::encode_jpeg(at::zeros({2, 2}, at::kByte), 90), "uint8 [H, W, 3]", "2 x 2");
  EXPECT_ERROR(io::encode_jpeg(at::zeros({2, 2, 3}), 90), "Float");
}

TEST(PictureSource, EmbedsReducedPictures) {
  const testing::TemporaryFolder folder;
  io::write_png(folder / "large.png", ramp(200, 400));
  PictureSource pictures(folder / "page.html", false);
  pictures.prepare({{folder / "large.png", 128}});
  const std::string img = pictures.img({folder / "large.png", 128}, "a \"cat\"");
  EXPECT_THAT(img, StartsWith("<img src=\"data:image/jpeg;base64,/9j/"));
  EXPECT_THAT(img, HasSubstr("alt=\"a &quot;cat&quot;\""));
  EXPECT_LT(img.size(), 4000);
}

TEST(PictureSource, SmallPicturesAreMarked) {
  const testing::TemporaryFolder folder;
  io::write_png(folder / "small.png", ramp(28, 28));
  PictureSource pictures(folder / "page.html", false);
  EXPECT_THAT(pictures.img({folder / "small.png", 128}, ""), HasSubstr("class=\"small\""));
}

TEST(PictureSource, LinksLeadFromThePageToTheFile) {
  const testing::TemporaryFolder folder;
  std::filesystem::create_directories(folder / "my results");
  io::write_png(folder / "my results/a#1.png", ramp(200, 200));
  PictureSource pictures(folder / "pages/page.html", true);
  EXPECT_THAT(pictures.img({folder / "my results/a#1.png", 128}, ""),
              StartsWith("<img src=\"../my%20results/a%231.png\""));
}

TEST(PictureSource, MissingPictureIsNamed) {
  const testing::TemporaryFolder folder;
  PictureSource pictures(folder / "page.html", false);
  EXPECT_ERROR(pictures.prepare({{folder / "gone.png", 128}}), "gone.png");
}

}  // namespace
}  // namespace fmri2img::report
