#include "fmri2img/nn/patch_embedding.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/core/random.h"
#include "fmri2img/nn/inference.h"
#include "fmri2img/nn/init.h"

namespace fmri2img::nn {
namespace {

PatchEmbedding drawn(bool bias) {
  PatchEmbedding patches(PatchEmbeddingOptions{.width = 10, .patch_size = 4, .bias = bias});
  const at::Generator generator = make_generator(1);
  normal_(patches->weight, 1, generator);
  if (bias) normal_(patches->bias, 1, generator);
  return patches;
}

// Truth: the convolution. 13 and 18 pixels are no multiples of the patch.
TEST(PatchEmbedding, EqualsTheConvolution) {
  const at::Tensor pictures = at::randn({2, 3, 13, 18}, make_generator(2));
  for (const bool bias : {false, true}) {
    PatchEmbedding patches = drawn(bias);
    const at::Tensor expected =
        at::conv2d(pictures, patches->weight, patches->bias, /*stride=*/4).flatten(2).transpose(1, 2);
    const at::Tensor found = patches(pictures);
    EXPECT_EQ(found.sizes(), (std::vector<int64_t>{2, 12, 10}));
    EXPECT_TRUE(at::allclose(found, expected, 1e-5, 1e-5));
    found.sum().backward();
    EXPECT_EQ(patches->weight.grad().sizes(), patches->weight.sizes());
  }
}

TEST(PatchEmbedding, RunsInBfloat16) {
  const at::Tensor pictures = at::randn({2, 3, 12, 16}, make_generator(2));
  PatchEmbedding patches = drawn(true);
  const at::Tensor expected = patches(pictures).detach();
  prepare_for_inference(*patches, at::kBFloat16);
  const at::Tensor found = patches(pictures.to(at::kBFloat16));
  EXPECT_EQ(found.scalar_type(), at::kBFloat16);
  EXPECT_FALSE(found.requires_grad());
  EXPECT_LT((found.to(at::kFloat) - expected).abs().max().item<double>(), 0.02 * expected.abs().max().item<double>());
}

}  // namespace
}  // namespace fmri2img::nn
