#include "fmri2img/experiments/resampled_correlations.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/core/random.h"

namespace fmri2img::experiments {
namespace {

constexpr int64_t kVerticesOfABlock = 1024;  // bounds the double-precision moments

/// [resamples, n] double: the share of each picture among the drawn ones.
at::Tensor draw_shares(int64_t resamples, int64_t n, uint64_t seed) {
  at::Generator generator = make_generator(seed);
  const at::Tensor drawn = at::randint(n, {resamples, n}, generator, at::kLong);
  const at::Tensor shares = at::zeros({resamples, n}, at::kDouble);
  return shares.scatter_add_(1, drawn, at::full({resamples, n}, 1.0 / static_cast<double>(n), at::kDouble));
}

/// Of mean 0 over all pictures, so that moments of the drawn ones lose nothing to a large mean.
at::Tensor centred(const at::Tensor& values) {
  const at::Tensor doubles = values.to(at::kDouble);
  return doubles - doubles.mean(0);
}

at::Tensor correlations_of(const at::Tensor& shares, const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor mean_a = at::mm(shares, a), mean_b = at::mm(shares, b);
  const at::Tensor covariance = at::mm(shares, a * b) - mean_a * mean_b;
  const at::Tensor variance_a = at::mm(shares, a.square()) - mean_a.square();
  const at::Tensor variance_b = at::mm(shares, b.square()) - mean_b.square();
  const at::Tensor r = covariance / (variance_a.clamp_min(0) * variance_b.clamp_min(0)).sqrt();
  return at::nan_to_num(r, 0.0, 0.0, 0.0).clamp_(-1, 1).to(at::kFloat);
}

}  // namespace

at::Tensor resampled_correlations(const at::Tensor& a, const at::Tensor& b, int64_t resamples, uint64_t seed) {
  FMRI2IMG_ASSERT(a.dim() == 2 && a.sizes() == b.sizes() && a.size(0) > 0 && resamples > 0);
  const at::Tensor shares = draw_shares(resamples, a.size(0), seed);
  at::Tensor result = at::empty({resamples, a.size(1)}, at::kFloat);
  for (int64_t first = 0; first < a.size(1); first += kVerticesOfABlock) {
    const int64_t count = std::min(kVerticesOfABlock, a.size(1) - first);
    result.narrow(1, first, count)
        .copy_(correlations_of(shares, centred(a.narrow(1, first, count)), centred(b.narrow(1, first, count))));
  }
  return result;
}

}  // namespace fmri2img::experiments
