#include "fmri2img/nn/blocked.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/core/random.h"
#include "fmri2img/nn/blocked_group_norm.h"
#include "fmri2img/nn/packed_linear.h"
#include "fmri2img/nn/resample.h"

namespace fmri2img::nn {
namespace {

at::Tensor normal(const std::vector<int64_t>& shape, uint64_t seed = 1) {
  return at::randn(shape, make_generator(seed), at::kFloat);
}

double relative(const at::Tensor& found, const at::Tensor& expected) {
  return found.sizes() == expected.sizes() ? ((found - expected).abs().max() / expected.abs().max()).item<double>()
                                           : 1e9;
}

TEST(Blocked, LayoutsHoldTheSameValues) {
  const at::Tensor map = normal({2, 48, 3, 5});
  const at::Tensor blocked = to_blocked(map);
  EXPECT_EQ(blocked.sizes(), (std::vector<int64_t>{2, 3, 3, 5, 16}));
  EXPECT_TRUE(at::equal(blocked[1][2][0][4], map.slice(1, 32, 48).select(0, 1).select(1, 0).select(1, 4)));
  EXPECT_TRUE(at::equal(to_plain(blocked), map));
  EXPECT_TRUE(at::equal(to_blocked(map.contiguous(at::MemoryFormat::ChannelsLast)), blocked));
  const at::Tensor tokens = blocked_to_tokens(blocked, at::kFloat);
  EXPECT_TRUE(at::equal(tokens, map.flatten(2).transpose(1, 2)));
  EXPECT_TRUE(at::equal(blocked_to_tokens(blocked, at::kBFloat16), tokens.to(at::kBFloat16)));
  EXPECT_TRUE(at::equal(to_plain(add_tokens_to_blocked(blocked, tokens)), map + map));
}

TEST(Blocked, UpsamplingRepeatsPixels) {
  const at::Tensor map = normal({2, 32, 3, 5});
  EXPECT_TRUE(at::equal(to_plain(upsample_blocked(to_blocked(map))), upsample_nearest_2x(map)));
}

// Values far from zero beside their deviation: naive sums of squares would cancel.
TEST(Blocked, NormalisesAsLibTorch) {
  for (const int64_t groups : {1, 4, 16, 48}) {
    const at::Tensor map = normal({2, 48, 67, 65}) + 1000;
    const at::Tensor weight = normal({48}, 2), bias = normal({48}, 3);
    const at::Tensor expected =
        at::group_norm(map.to(at::kDouble), groups, weight.to(at::kDouble), bias.to(at::kDouble), 1e-6);
    const auto norm = [&](bool silu) {
      return to_plain(blocked_group_norm(to_blocked(map), groups, weight, bias, 1e-6, silu)).to(at::kDouble);
    };
    EXPECT_LT(relative(norm(false), expected), 2e-4) << groups;  // float32 cannot hold 1000 + x any better
    EXPECT_LT(relative(norm(true), at::silu(expected)), 2e-4) << groups;
  }
  const at::Tensor map = normal({1, 16, 4, 4});
  const at::Tensor ones = at::ones({16}), zeros = at::zeros({16});
  EXPECT_LT(relative(to_plain(blocked_group_norm(to_blocked(map), 2, ones, zeros, 1e-6, false)),
                     at::group_norm(map, 2, ones, zeros, 1e-6)),
            1e-6);
}

struct ConvCase {
  int64_t in, out, size, stride, padding, height, width;
  bool bias;
};

TEST(Blocked, ConvolvesAsLibTorch) {
  if (!has_blocked_kernels()) GTEST_SKIP() << "needs AVX-512 and oneDNN 2.x";
  for (const ConvCase& c : {ConvCase{16, 32, 3, 1, 1, 13, 10, true},
                            ConvCase{48, 16, 3, 1, 1, 9, 31, false},
                            ConvCase{3, 32, 3, 1, 1, 12, 8, true},
                            ConvCase{32, 3, 3, 1, 1, 12, 8, true},
                            ConvCase{32, 8, 1, 1, 0, 5, 7, true},
                            ConvCase{16, 16, 1, 1, 0, 5, 7, true},
                            ConvCase{32, 32, 3, 2, 0, 13, 11, true},
                            ConvCase{32, 32, 3, 2, 1, 12, 8, false},
                            ConvCase{4, 4, 1, 1, 0, 6, 6, true},
                            ConvCase{16, 16, 3, 1, 1, 419, 397, true}}) {  // so large that it goes in bands
    SCOPED_TRACE(std::to_string(c.in) + " -> " + std::to_string(c.out));
    const at::Tensor weight = normal({c.out, c.in, c.size, c.size}, 2);
    const at::Tensor bias = c.bias ? normal({c.out}, 3) : at::Tensor();
    BlockedConv2d conv(weight, bias, {.stride = c.stride, .padding = c.padding});
    BlockedConv2d rounded(weight, bias, {.stride = c.stride, .padding = c.padding, .mixed = true});
    for (const int64_t pictures : {2, 1}) {  // the kernel is made anew for another shape
      const at::Tensor map = normal({pictures, c.in, c.height, c.width}, 4);
      const at::Tensor expected = at::conv2d(map, weight, bias, c.stride, c.padding);
      const at::Tensor found = conv.forward(map);
      EXPECT_EQ(is_blocked(found), c.out % kBlock == 0);
      EXPECT_LT(relative(to_plain(found), expected), 1e-5);
      const bool rounds = has_packed_linear(at::kBFloat16);
      EXPECT_LT(rounds ? relative(to_plain(rounded.forward(map)), expected) : 0, 0.01);
      if (c.in % kBlock != 0) continue;
      EXPECT_TRUE(at::equal(conv.forward(to_blocked(map)), found));
    }
  }
}

// Weights that look into a file keep their type; half precision is what Stable Diffusion's files hold.
TEST(Blocked, TakesWeightsInHalfPrecision) {
  if (!has_blocked_kernels()) GTEST_SKIP() << "needs AVX-512 and oneDNN 2.x";
  const at::Tensor weight = normal({32, 16, 3, 3}, 2).to(at::kHalf), bias = normal({32}, 3).to(at::kHalf);
  const at::Tensor map = normal({1, 16, 40, 33}, 4);
  BlockedConv2d conv(weight, bias, {.stride = 1, .padding = 1});
  const at::Tensor expected = at::conv2d(map, weight.to(at::kFloat), bias.to(at::kFloat), 1, 1);
  EXPECT_LT(relative(to_plain(conv.forward(map)), expected), 1e-5);
}

}  // namespace
}  // namespace fmri2img::nn
