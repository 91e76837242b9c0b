#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/core/random.h"
#include "fmri2img/nn/activation.h"
#include "fmri2img/nn/attention.h"
#include "fmri2img/nn/fused_attention.h"
#include "fmri2img/nn/gated_gelu.h"
#include "fmri2img/nn/layer_norm.h"
#include "fmri2img/nn/packed_linear.h"

namespace fmri2img::nn {
namespace {

at::Tensor numbers(at::IntArrayRef shape, uint64_t seed, at::ScalarType dtype = at::kFloat) {
  return at::randn(shape, make_generator(seed)).to(dtype);
}

double difference(const at::Tensor& found, const at::Tensor& expected) {
  if (found.sizes() != expected.sizes()) return 1e9;
  return ((found.to(at::kDouble) - expected.to(at::kDouble)).abs().max() / expected.abs().max().to(at::kDouble))
      .item<double>();
}

/// Roundings of one result, and of what it is made of.
double tolerance(at::ScalarType dtype) {
  return dtype == at::kFloat ? 5e-6 : 1e-2;
}

struct AttentionCase {
  int64_t batch, queries, keys, heads, width;
};

at::Tensor plain_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int64_t heads) {
  const at::Tensor products = split_heads(q, heads).matmul(split_heads(k, heads).transpose(2, 3));
  const int64_t width = q.size(2) / heads;
  const double scale = 1 / std::sqrt(static_cast<double>(width));
  return merge_heads(at::softmax(products * scale, -1).matmul(split_heads(v, heads)));
}

TEST(FusedAttention, EqualsItsDefinition) {
  for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
    for (const AttentionCase& c : {AttentionCase{2, 7, 5, 3, 8},
                                   AttentionCase{1, 1, 1, 1, 1},
                                   AttentionCase{2, 97, 300, 2, 40},
                                   AttentionCase{1, 48, 256, 4, 80},
                                   AttentionCase{1, 50, 77, 2, 160},
                                   AttentionCase{1, 130, 513, 1, 33},
                                   AttentionCase{1, 64, 64, 1, 512}}) {
      SCOPED_TRACE(std::to_string(c.keys) + " keys, width " + std::to_string(c.width));
      const auto tokens = [&](int64_t count, uint64_t seed) {
        return numbers({c.batch, count, c.heads * c.width}, seed, dtype);
      };
      const at::Tensor q = tokens(c.queries, 1) * 2, k = tokens(c.keys, 2), v = tokens(c.keys, 3);
      if (!suits_fused_attention(q, k, v, c.heads)) GTEST_SKIP() << "needs AVX-512 with bfloat16";
      const at::Tensor expected = plain_attention(q.to(at::kDouble), k.to(at::kDouble), v.to(at::kDouble), c.heads);
      EXPECT_LT(difference(fused_attention(q, k, v, c.heads), expected), tolerance(dtype));
    }
  }
}

// Scores far from zero, and falling from block to block: the largest comes first, and last.
TEST(FusedAttention, StandsLargeScores) {
  for (const double sign : {-1.0, 1.0}) {
    const at::Tensor q = at::full({1, 3, 16}, 10.0);
    const at::Tensor k = (at::arange(600).to(at::kFloat) * sign).view({1, 600, 1}).expand({1, 600, 16}).contiguous();
    const at::Tensor v = numbers({1, 600, 16}, 3);
    if (!suits_fused_attention(q, k, v, 1)) GTEST_SKIP() << "needs AVX-512 with bfloat16";
    const at::Tensor found = fused_attention(q, k, v, 1);
    EXPECT_LT(difference(found, v.narrow(1, sign > 0 ? 599 : 0, 1).expand_as(found)), 1e-6);
  }
}

TEST(FusedAttention, TakesTokensThatLieApart) {
  const at::Tensor all = numbers({2, 20, 96}, 1);
  const at::Tensor q = all.narrow(2, 0, 32), k = all.narrow(2, 32, 32), v = all.narrow(2, 64, 32);
  if (!suits_fused_attention(q, k, v, 4)) GTEST_SKIP() << "needs AVX-512 with bfloat16";
  EXPECT_TRUE(
      at::equal(fused_attention(q, k, v, 4), fused_attention(q.contiguous(), k.contiguous(), v.contiguous(), 4)));
}

TEST(GatedGelu, EqualsLibTorch) {
  for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
    const at::Tensor tokens = numbers({3, 5, int64_t{2} * 37}, 1, dtype) * 4;
    const at::Tensor precise = tokens.to(at::kDouble);
    const at::Tensor expected = precise.narrow(2, 0, 37) * at::gelu(precise.narrow(2, 37, 37));
    EXPECT_LT(difference(gated_gelu(tokens), expected), tolerance(dtype) / 2);
  }
}

TEST(Activation, EqualsLibTorch) {
  for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
    const at::Tensor input = at::cat({numbers({999}, 1) * 4, at::linspace(-90, 90, 50)}).to(dtype);
    const at::Tensor precise = input.to(at::kDouble);
    EXPECT_LT(difference(activate(input, Activation::kGelu), at::gelu(precise)), tolerance(dtype));
    EXPECT_LT(difference(activate(input, Activation::kQuickGelu), precise * at::sigmoid(1.702 * precise)),
              tolerance(dtype));
  }
}

TEST(LayerNorm, EqualsLibTorchInBfloat16) {
  const at::NoGradGuard no_grad;
  LayerNorm norm(LayerNormOptions{.width = 45});
  norm->weight.copy_(numbers({45}, 2));
  norm->bias.copy_(numbers({45}, 3));
  const at::Tensor tokens = numbers({2, 7, 45}, 1, at::kBFloat16) * 3 + 20;
  const at::Tensor expected = at::layer_norm(tokens.to(at::kFloat), {45}, norm->weight, norm->bias, 1e-5);
  EXPECT_LT(difference(norm(tokens), expected), 1e-2);
}

TEST(PackedLinear, EqualsLibTorch) {
  for (const at::ScalarType dtype : {at::kFloat, at::kBFloat16}) {
    if (!has_packed_linear(dtype)) GTEST_SKIP() << "needs AVX-512 and oneDNN 2.x";
    for (const bool with_bias : {true, false}) {
      const at::Tensor weight = numbers({50, 33}, 1), bias = with_bias ? numbers({50}, 2) : at::Tensor();
      PackedLinear layer(weight, bias, dtype);
      for (const int64_t tokens : {1, 7, 300, 7}) {
        const at::Tensor input = numbers({2, tokens, 33}, 3);
        const at::Tensor found = layer.forward(input);
        EXPECT_EQ(found.scalar_type(), dtype);
        EXPECT_LT(difference(found, at::linear(input, weight, bias)), tolerance(dtype));
      }
    }
  }
}

}  // namespace
}  // namespace fmri2img::nn
