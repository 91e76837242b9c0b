#include "fmri2img/diffusion/img2img_memory.h"

#include <gtest/gtest.h>

#include <limits>

namespace fmri2img::diffusion {
namespace {

const models::AutoencoderKLOptions kStableDiffusion{.block_out_channels = {128, 256, 512, 512}};

// 8 KiB a pixel were measured: 512 x 512 x 8,192 = 2 GiB, 8000 x 8000 x 8,192 = 524 GB.
TEST(Img2ImgBytes, AreThoseMeasuredWithStableDiffusion) {
  EXPECT_EQ(img2img_bytes(kStableDiffusion, at::kFloat, 512, 512), int64_t{2} << 30);
  EXPECT_EQ(img2img_bytes(kStableDiffusion, at::kFloat, 8000, 8000), 524'288'000'000);
}

TEST(Img2ImgBytes, GrowWithTheAutoencodersWidthAndFallIn16Bits) {
  const models::AutoencoderKLOptions narrow{.block_out_channels = {8, 16}};
  EXPECT_EQ(img2img_bytes(narrow, at::kFloat, 512, 512), (int64_t{2} << 30) / 16);
  EXPECT_EQ(img2img_bytes(kStableDiffusion, at::kBFloat16, 512, 512), (int64_t{2} << 30) / 3);
  EXPECT_EQ(img2img_bytes(kStableDiffusion, at::kHalf, 512, 512), (int64_t{2} << 30) / 3);
}

TEST(Img2ImgBytes, OfAnImpossibleSizeDoNotOverflow) {
  constexpr int64_t kSide = int64_t{1} << 31;
  EXPECT_EQ(img2img_bytes(kStableDiffusion, at::kFloat, kSide, kSide), std::numeric_limits<int64_t>::max());
}

}  // namespace
}  // namespace fmri2img::diffusion
