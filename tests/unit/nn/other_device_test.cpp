// Claim: no kernel of ours takes tensors that are elsewhere than on the processor. The other device is LibTorch's
// "meta", which has shapes and no memory: whoever reads a number there fails. (It has no convolutions and no attention,
// of which the choice of the kernel is tested; tests/gpu has the whole networks.)
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/nn/activation.h"
#include "fmri2img/nn/differentiable_conv2d.h"
#include "fmri2img/nn/fused_attention.h"
#include "fmri2img/nn/gated_gelu.h"

namespace fmri2img::nn {
namespace {

constexpr at::ScalarType kTypes[] = {at::kFloat, at::kHalf, at::kBFloat16};

at::Tensor elsewhere(at::IntArrayRef shape, at::ScalarType dtype = at::kFloat) {
  return at::empty(shape, at::TensorOptions().device(at::kMeta).dtype(dtype));
}

void expect_there(const at::Tensor& result, const at::Tensor& like) {
  EXPECT_TRUE(result.is_meta());
  EXPECT_EQ(result.sizes(), like.sizes());
  EXPECT_EQ(result.scalar_type(), like.scalar_type());
}

TEST(OtherDevice, KeepsItsTokens) {
  const at::NoGradGuard no_grad;
  for (const at::ScalarType type : kTypes) {
    const at::Tensor tokens = elsewhere({2, 5, 32}, type);
    expect_there(gated_gelu(tokens), elsewhere({2, 5, 16}, type));
    expect_there(activate(tokens, Activation::kGelu), tokens);
    expect_there(activate(tokens, Activation::kQuickGelu), tokens);
    EXPECT_FALSE(suits_fused_attention(tokens, tokens, tokens, /*heads=*/4));
  }
}

TEST(OtherDevice, HasItsOwnConvolutions) {
  for (const at::ScalarType type : kTypes) {
    EXPECT_FALSE(suits_differentiable_conv2d(elsewhere({1, 32, 64, 64}, type), elsewhere({32, 32, 3, 3}), 1, 1));
  }
}

}  // namespace
}  // namespace fmri2img::nn
