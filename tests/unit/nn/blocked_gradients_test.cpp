// Claim: layers on blocked maps have the gradients that LibTorch's own layers have in double precision.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/core/random.h"
#include "fmri2img/nn/blocked.h"
#include "fmri2img/nn/blocked_group_norm.h"
#include "fmri2img/nn/differentiable_conv2d.h"

namespace fmri2img::nn {
namespace {

using Tensors = std::vector<at::Tensor>;

at::Tensor leaf(const std::vector<int64_t>& shape, uint64_t seed) {
  return at::randn(shape, make_generator(seed), at::kFloat).requires_grad_(true);
}

Tensors in_double(const Tensors& leaves) {
  Tensors copies;
  for (const at::Tensor& tensor : leaves) copies.push_back(tensor.detach().to(at::kDouble).requires_grad_(true));
  return copies;
}

double relative_error(const at::Tensor& found, const at::Tensor& expected) {
  return found.sizes() == expected.sizes()
             ? ((found.to(at::kDouble) - expected).abs().max() / expected.abs().max()).item<double>()
             : 1e9;
}

/// Both functions get the leaves; the second one in double precision.
template <class Found, class Expected>
void expect_same_gradients(const Tensors& leaves, const Found& found, const Expected& expected, double tolerance) {
  const Tensors exact = in_double(leaves);
  const at::Tensor output = to_plain(found(leaves)), exact_output = expected(exact);
  EXPECT_LT(relative_error(output, exact_output), tolerance);
  const at::Tensor direction = at::randn(exact_output.sizes(), make_generator(9), at::kDouble);
  (output * direction.to(at::kFloat)).sum().backward();
  (exact_output * direction).sum().backward();
  for (size_t i = 0; i < leaves.size(); ++i)
    EXPECT_LT(relative_error(leaves[i].grad(), exact[i].grad()), tolerance) << "leaf " << i;
}

TEST(BlockedGradients, OfGroupNormalisation) {
  for (const int64_t groups : {1, 4, 32, 96}) {
    for (const bool silu : {false, true}) {
      SCOPED_TRACE(testing::Message() << groups << " groups, silu " << silu);
      expect_same_gradients(
          {leaf({3, 96, 7, 9}, 1), leaf({96}, 2), leaf({96}, 3)},
          [&](const Tensors& t) { return blocked_group_norm(to_blocked(t[0]), groups, t[1], t[2], 1e-5, silu); },
          [&](const Tensors& t) {
            const at::Tensor normalised = at::group_norm(t[0], groups, t[1], t[2], 1e-5);
            return silu ? at::silu(normalised) : normalised;
          },
          1e-5);
    }
  }
}

// Maps of more positions than one float32 sum takes.
TEST(BlockedGradients, OfGroupNormalisationOnLargeMaps) {
  expect_same_gradients(
      {leaf({1, 16, 71, 67}, 1), leaf({16}, 2), leaf({16}, 3)},
      [&](const Tensors& t) { return blocked_group_norm(to_blocked(t[0]), 8, t[1], t[2], 1e-5, true); },
      [&](const Tensors& t) { return at::silu(at::group_norm(t[0], 8, t[1], t[2], 1e-5)); },
      1e-5);
}

TEST(BlockedGradients, OfConvolutions) {
  struct Case {
    int64_t in, out, side, height, width;
  };
  for (const Case& c :
       {Case{16, 32, 3, 13, 10}, {4, 32, 3, 12, 8}, {32, 4, 3, 9, 31}, {48, 16, 1, 5, 7}, {20, 8, 1, 6, 6}}) {
    SCOPED_TRACE(testing::Message() << c.in << " -> " << c.out << ", " << c.side);
    const Tensors leaves = {
        leaf({2, c.in, c.height, c.width}, 1), leaf({c.out, c.in, c.side, c.side}, 2), leaf({c.out}, 3)};
    if (!suits_differentiable_conv2d(leaves[0], leaves[1], 1, c.side / 2))
      GTEST_SKIP() << "needs AVX-512 and oneDNN 2.x";
    expect_same_gradients(
        leaves,
        [&](const Tensors& t) { return differentiable_conv2d(t[0], t[1], t[2]); },
        [&](const Tensors& t) { return at::conv2d(t[0], t[1], t[2], 1, c.side / 2); },
        1e-5);
  }
}

TEST(BlockedGradients, OfLayoutsAndUpsampling) {
  expect_same_gradients(
      {leaf({2, 32, 5, 3}, 1), leaf({2, 15, 32}, 2)},
      [](const Tensors& t) {
        const at::Tensor map = add_tokens_to_blocked(to_blocked(t[0]), t[1]);
        return upsample_blocked(map) * blocked_to_tokens(map, at::kFloat).mean() +
               to_blocked(to_channels_last(map)).sum();
      },
      [](const Tensors& t) {
        const at::Tensor map = t[0] + t[1].transpose(1, 2).reshape(t[0].sizes());
        return at::upsample_nearest2d(map, {10, 6}) * map.mean() + map.sum();
      },
      1e-4);  // the sum of 960 numbers, in float32
}

}  // namespace
}  // namespace fmri2img::nn
