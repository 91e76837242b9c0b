#include "fmri2img/statistics/retrieval.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "fmri2img/core/check.h"
#include "fmri2img/core/random.h"

namespace fmri2img::statistics {
namespace {

constexpr double kNormal95 = 1.959963984540054;  // the 97.5th percentile of the normal distribution

/// [n] bool: the diagonal is above everything else in its row.
at::Tensor finds_its_own(const at::Tensor& similarities) {
  at::Tensor others = similarities.clone();
  others.fill_diagonal_(-std::numeric_limits<double>::infinity());
  return similarities.diagonal() > others.amax(1);
}

at::Tensor mean_of_nearest(const at::Tensor& cosines, int64_t k, int64_t dim) {
  const int64_t count = std::min(k, cosines.size(dim));
  return std::get<0>(cosines.topk(count, dim)).mean(dim, /*keepdim=*/true);
}

}  // namespace

at::Tensor csls(const at::Tensor& cosines, int64_t k) {
  FMRI2IMG_ASSERT(cosines.dim() == 2 && k > 0);
  return 2 * cosines - mean_of_nearest(cosines, k, 1) - mean_of_nearest(cosines, k, 0);
}

Retrieval retrieve(const at::Tensor& similarities, const RetrievalOptions& options) {
  FMRI2IMG_ASSERT(similarities.dim() == 2 && similarities.size(0) == similarities.size(1) && similarities.size(0) >= 2);
  const int64_t count = similarities.size(0), pool = std::min(options.pool, count);
  at::Generator generator = make_generator(options.seed);
  Retrieval result;
  const at::Tensor hits = at::zeros({count}, at::kDouble), drawn = at::zeros({count}, at::kDouble);
  for (int64_t draw = 0; draw < options.draws; ++draw) {
    const at::Tensor items = at::randperm(count, generator, at::kLong).narrow(0, 0, pool);
    const at::Tensor square = similarities.index_select(0, items).index_select(1, items).to(at::kDouble);
    const at::Tensor found = finds_its_own(options.csls ? csls(square) : square).to(at::kDouble);
    result.top1.push_back(found.mean().item<double>());
    hits.index_add_(0, items, found);
    drawn.index_add_(0, items, at::ones({pool}, at::kDouble));
  }
  const double scale = static_cast<double>(count) / static_cast<double>(options.draws * pool);
  for (int64_t i = 0; i < count; ++i) {
    const double found = hits[i].item<double>();
    result.rate.push_back(found / drawn[i].item<double>());
    result.value.push_back(found * scale);
  }
  return result;
}

Interval draws_interval(const std::vector<double>& top1) {
  FMRI2IMG_ASSERT(!top1.empty());
  const auto count = static_cast<double>(top1.size());
  const double mean = std::accumulate(top1.begin(), top1.end(), 0.0) / count;
  double squares = 0;
  for (const double share : top1) squares += (share - mean) * (share - mean);
  const double half = top1.size() < 2 ? 0 : kNormal95 * std::sqrt(squares / (count - 1) / count);
  return {mean, mean - half, mean + half};
}

}  // namespace fmri2img::statistics
