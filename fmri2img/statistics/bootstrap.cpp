#include "fmri2img/statistics/bootstrap.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "fmri2img/core/check.h"
#include "fmri2img/core/random.h"

namespace fmri2img::statistics {
namespace {

constexpr int64_t kDrawsAtOnce = 1 << 20;

/// `fraction` of the way through the sorted values, linear between ranks.
double percentile(const std::vector<double>& sorted, double fraction) {
  const double position = fraction * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(position);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], position - static_cast<double>(below));
}

std::vector<double> resampled_means(const at::Tensor& values, uint64_t seed, int64_t resamples) {
  at::Generator generator = make_generator(seed);
  const int64_t count = values.numel();
  const int64_t batch = std::max<int64_t>(1, kDrawsAtOnce / count);
  std::vector<double> means;
  means.reserve(static_cast<size_t>(resamples));
  for (int64_t done = 0; done < resamples; done += batch) {
    const int64_t rows = std::min(batch, resamples - done);
    const at::Tensor draws = at::randint(0, count, {rows * count}, generator, at::kLong);
    const at::Tensor batch_means = values.index_select(0, draws).view({rows, count}).mean(1);
    means.insert(means.end(), batch_means.const_data_ptr<double>(), batch_means.const_data_ptr<double>() + rows);
  }
  return means;
}

/// [resamples, count]: how often each value was drawn, over count. The draws are those of `resampled_means`.
at::Tensor draw_shares(int64_t count, uint64_t seed, int64_t resamples) {
  at::Generator generator = make_generator(seed);
  at::Tensor shares = at::zeros({resamples, count}, at::kDouble);
  const at::Tensor share = at::full({count}, 1.0 / static_cast<double>(count), at::kDouble);
  for (int64_t row = 0; row < resamples; ++row) {
    shares.select(0, row).index_add_(0, at::randint(0, count, {count}, generator, at::kLong), share);
  }
  return shares;
}

double plain_mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

Interval percentile_interval(double mean, std::vector<double> means) {
  std::sort(means.begin(), means.end());
  return {mean, percentile(means, 0.025), percentile(means, 0.975)};
}

}  // namespace

Interval bootstrap_mean(std::span<const double> values, uint64_t seed, int64_t resamples) {
  FMRI2IMG_ASSERT(!values.empty() && resamples > 0);
  FMRI2IMG_ASSERT(std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); }));
  const at::Tensor all = torch::tensor(at::ArrayRef<double>(values.data(), values.size()), at::kDouble);
  return percentile_interval(plain_mean(values), resampled_means(all, seed, resamples));
}

MeanBootstrap::MeanBootstrap(int64_t count, uint64_t seed, int64_t resamples)
    : draws_(draw_shares(count, seed, resamples)) {}

Interval MeanBootstrap::interval(std::span<const double> values) const {
  FMRI2IMG_ASSERT(static_cast<int64_t>(values.size()) == draws_.size(1));
  const at::Tensor all = torch::tensor(at::ArrayRef<double>(values.data(), values.size()), at::kDouble);
  const at::Tensor means = at::mv(draws_, all);
  const auto* first = means.const_data_ptr<double>();
  return percentile_interval(plain_mean(values), {first, first + means.numel()});
}

}  // namespace fmri2img::statistics
