#include "fmri2img/models/autoencoder_kl/memory.h"

#include <gtest/gtest.h>

#include <limits>

namespace fmri2img::models {
namespace {

const AutoencoderKLOptions kStableDiffusion{.block_out_channels = {128, 256, 512, 512}};

// 8 KiB a pixel were measured: 512 x 512 x 8,192 = 2 GiB, 8000 x 8000 x 8,192 = 524 GB.
TEST(AutoencoderBytes, AreThoseMeasuredWithStableDiffusion) {
  EXPECT_EQ(autoencoder_bytes(kStableDiffusion, at::kFloat, 512, 512), int64_t{2} << 30);
  EXPECT_EQ(autoencoder_bytes(kStableDiffusion, at::kFloat, 8000, 8000), 524'288'000'000);
}

TEST(AutoencoderBytes, GrowWithTheAutoencodersWidthAndFallIn16Bits) {
  const AutoencoderKLOptions narrow{.block_out_channels = {8, 16}};
  EXPECT_EQ(autoencoder_bytes(narrow, at::kFloat, 512, 512), (int64_t{2} << 30) / 16);
  EXPECT_EQ(autoencoder_bytes(kStableDiffusion, at::kBFloat16, 512, 512), (int64_t{2} << 30) / 3);
  EXPECT_EQ(autoencoder_bytes(kStableDiffusion, at::kHalf, 512, 512), (int64_t{2} << 30) / 3);
}

TEST(AutoencoderBytes, OfAnImpossibleSizeDoNotOverflow) {
  constexpr int64_t kSide = int64_t{1} << 31;
  EXPECT_EQ(autoencoder_bytes(kStableDiffusion, at::kFloat, kSide, kSide), std::numeric_limits<int64_t>::max());
}

}  // namespace
}  // namespace fmri2img::models
