#include "fmri2img/diffusion/noise.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/randn.h>
#include <gtest/gtest.h>

#include <array>

#include "fmri2img/core/random.h"
#include "tests/support/errors.h"

namespace fmri2img::diffusion {
namespace {

TEST(Noise, OfAPictureDependsOnItsOwnGeneratorAlone) {
  const std::array both = {make_generator(3), make_generator(4)};
  const std::array second = {make_generator(4)};
  const at::Tensor pair = draw_noise(at::empty({2, 4, 8, 8}), both);
  const at::Tensor alone = draw_noise(at::empty({1, 4, 8, 8}), second);
  EXPECT_TRUE(pair.narrow(0, 1, 1).equal(alone));
}

TEST(Noise, OfOneGeneratorIsOneDraw) {
  const std::array one = {make_generator(3)};
  EXPECT_TRUE(draw_noise(at::empty({2, 4, 8, 8}), one).equal(at::randn({2, 4, 8, 8}, make_generator(3))));
}

TEST(Noise, RefusesAnotherNumberOfGeneratorsThanPictures) {
  const std::array two = {make_generator(3), make_generator(4)};
  EXPECT_ERROR(draw_noise(at::empty({3, 4, 8, 8}), two), "internal error");
}

}  // namespace
}  // namespace fmri2img::diffusion
