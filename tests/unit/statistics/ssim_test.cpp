#include "fmri2img/statistics/ssim.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "fmri2img/core/random.h"

namespace fmri2img::statistics {
namespace {

TEST(Ssim, OfAPictureWithItselfIsOne) {
  at::Generator generator = make_generator(1);
  const at::Tensor picture = at::rand({15, 13}, generator, at::kFloat);
  EXPECT_NEAR(ssim(picture, picture), 1, 1e-12);
  EXPECT_NEAR(ssim_columns(picture, picture), 1, 1e-12);
}

TEST(Ssim, OfTwoFlatPicturesComparesTheirLevels) {
  // No variance: (2 ab + C1) / (a^2 + b^2 + C1) with a = .2, b = .4, C1 = 1e-4.
  const double expected = (2 * 0.2 * 0.4 + 1e-4) / (0.04 + 0.16 + 1e-4);
  const at::Tensor dark = at::full({12, 12}, 0.2, at::kDouble);
  const at::Tensor light = at::full({12, 12}, 0.4, at::kDouble);
  EXPECT_NEAR(ssim(dark, light), expected, 1e-9);
  EXPECT_NEAR(ssim_columns(dark, light), expected, 1e-9);
}

TEST(SsimColumns, DoesNotSeeAcrossColumns) {
  // Equal columns in another order: each column differs, so the transposed pictures (whose columns do not) score
  // higher.
  const at::Tensor rows = at::linspace(0, 1, 16, at::kDouble).unsqueeze(1).expand({16, 16});
  const at::Tensor shifted = (rows + 0.1 * at::sin(at::arange(16, at::kDouble) * 2)).clamp(0, 1);
  EXPECT_GT(ssim_columns(rows, shifted), ssim_columns(rows.t(), shifted.t()));
}

}  // namespace
}  // namespace fmri2img::statistics
