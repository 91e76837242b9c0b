#include "fmri2img/training/zoo/pictures/blur.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/core/random.h"

namespace fmri2img::training {
namespace {

TEST(Blur, SpreadsAPointAsAGaussian) {
  at::Tensor pictures = at::zeros({2, 3, 21, 21});
  pictures.select(2, 10).select(2, 10).fill_(1);
  const at::Tensor blurred = blur(pictures, at::tensor({0.0F, 2.0F}));
  EXPECT_TRUE(at::allclose(blurred[0], pictures[0], 0, 1e-6));
  EXPECT_NEAR(blurred[1].sum().item<double>(), 3, 5e-3);
  const auto at_distance = [&](int64_t d) { return blurred[1][0][10][10 + d].item<double>(); };
  EXPECT_NEAR(at_distance(2) / at_distance(0), std::exp(-0.5), 1e-4);
}

TEST(Blur, LeavesAnEvenPictureAsItIs) {
  const at::Tensor even = at::full({1, 3, 16, 16}, 0.7F);
  EXPECT_TRUE(at::allclose(blur(even, at::tensor({3.0F})), even));
}

TEST(BlurSome, BlursTheShare) {
  const at::Tensor pictures = at::randn({400, 1, 8, 8}, make_generator(1), at::kFloat);
  const at::Tensor blurred = blur_some(pictures, 0.25, 3, make_generator(2));
  const auto changed = (blurred - pictures).abs().amax({1, 2, 3}).gt(1e-3).sum().item<int64_t>();
  EXPECT_NEAR(static_cast<double>(changed), 100, 30);
}

}  // namespace
}  // namespace fmri2img::training
