#include "fmri2img/training/adamw.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "tests/support/errors.h"

namespace fmri2img::training {
namespace {

at::Tensor parameter(const std::vector<float>& values) {
  return at::tensor(values).requires_grad_();
}

TEST(AdamW, DecaysExactlyWhatTheRecipeDecays) {
  EXPECT_TRUE(is_decayed("lin0.0.weight"));
  EXPECT_TRUE(is_decayed("lin0.1.weight"));  // a LayerNorm weight whose name does not say so
  EXPECT_TRUE(is_decayed("upsampler.conv_norm_out.weight"));
  EXPECT_FALSE(is_decayed("lin0.1.bias"));
  EXPECT_FALSE(is_decayed("upsampler.conv_in.bias"));
  EXPECT_FALSE(is_decayed("LayerNorm.weight"));
}

// By hand: after the first step both bias-corrected moments equal g and g^2, so the update is lr * g / (|g| + eps).
TEST(AdamW, MakesTheFirstStepByHand) {
  const at::Tensor weight = parameter({2.0F}), bias = parameter({2.0F});
  AdamW optimiser({{"weight", weight}, {"bias", bias}}, {.weight_decay = 0.5});
  weight.mutable_grad() = at::tensor({4.0F});
  bias.mutable_grad() = at::tensor({-4.0F});
  optimiser.step(0.1, 0.9);
  EXPECT_NEAR(weight.item<float>(), 2 * (1 - 0.1 * 0.5) - 0.1, 1e-6);
  EXPECT_NEAR(bias.item<float>(), 2 + 0.1, 1e-6);
  EXPECT_EQ(optimiser.steps(), 1);
  EXPECT_FALSE(weight.grad().defined());
}

TEST(AdamW, ContinuesFromRestoredMoments) {
  const auto gradient = [](int step) { return at::tensor({0.3F * static_cast<float>(step), -1.0F}); };
  const at::Tensor whole = parameter({1.0F, -1.0F}), resumed = parameter({1.0F, -1.0F});
  AdamW one({{"w", whole}});
  auto before = std::make_unique<AdamW>(NamedParameters{{"w", resumed}});
  for (int step = 1; step <= 6; ++step) {
    whole.mutable_grad() = gradient(step);
    one.step(1e-2, 0.9);
    if (step == 4) {
      auto after = std::make_unique<AdamW>(NamedParameters{{"w", resumed}});
      after->restore(before->steps(), before->moments());
      before = std::move(after);
    }
    resumed.mutable_grad() = gradient(step);
    before->step(1e-2, 0.9);
  }
  EXPECT_TRUE(at::equal(whole, resumed));
}

TEST(AdamW, NamesWhatDoesNotFit) {
  AdamW optimiser({{"lin1.weight", parameter({1.0F, 2.0F})}});
  EXPECT_ERROR(optimiser.step(1e-3, 0.9), "no gradient", "lin1.weight");
  EXPECT_ERROR(optimiser.restore(1, {{at::zeros({3}), at::zeros({3})}}), "lin1.weight", "is 3", "is 2");
}

}  // namespace
}  // namespace fmri2img::training
