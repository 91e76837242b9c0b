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

}  // namespace

Interval bootstrap_mean(std::span<const double> values, uint64_t seed, int64_t resamples) {
  FMRI2IMG_ASSERT(!values.empty() && resamples > 0);
  FMRI2IMG_ASSERT(std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); }));
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  const at::Tensor all = torch::tensor(at::ArrayRef<double>(values.data(), values.size()), at::kDouble);
  std::vector<double> means = resampled_means(all, seed, resamples);
  std::sort(means.begin(), means.end());
  return {mean, percentile(means, 0.025), percentile(means, 0.975)};
}

}  // namespace fmri2img::statistics
