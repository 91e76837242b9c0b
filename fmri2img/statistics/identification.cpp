#include "fmri2img/statistics/identification.h"

#include <torch/torch.h>

#include "fmri2img/core/check.h"
#include "fmri2img/core/random.h"

namespace fmri2img::statistics {
namespace {

/// [N, N] bool: target i correlates less with reconstruction j than target j does. False on the diagonal.
at::Tensor wins(const at::Tensor& correlations) {
  FMRI2IMG_ASSERT(correlations.dim() == 2 && correlations.size(0) == correlations.size(1) && correlations.size(0) >= 2);
  return correlations < correlations.diagonal().unsqueeze(0);
}

std::vector<double> to_vector(const at::Tensor& values) {
  const at::Tensor doubles = values.to(at::kDouble).contiguous();
  return {doubles.const_data_ptr<double>(), doubles.const_data_ptr<double>() + doubles.numel()};
}

/// For reconstruction j: n - 1 targets other than j.
at::Tensor draw_others(int64_t j, int64_t count, int64_t n, at::Generator& generator) {
  const at::Tensor others = at::randperm(count - 1, generator, at::kLong).narrow(0, 0, n - 1);
  return others + (others >= j).to(at::kLong);
}

}  // namespace

std::vector<double> two_way_identification(const at::Tensor& correlations) {
  const at::Tensor won = wins(correlations);
  return to_vector(won.sum(0).to(at::kDouble) / static_cast<double>(won.size(0) - 1));
}

NWayIdentification n_way_identification(const at::Tensor& correlations, int64_t n, uint64_t seed) {
  const at::Tensor won = wins(correlations);
  const int64_t count = won.size(0);
  FMRI2IMG_ASSERT(n >= 2 && n <= count);
  NWayIdentification result;
  if (n == count) {
    result.share = two_way_identification(correlations);
  } else {
    at::Generator generator = make_generator(seed);
    for (int64_t j = 0; j < count; ++j) {
      const at::Tensor drawn = won.select(1, j).index_select(0, draw_others(j, count, n, generator));
      result.share.push_back(static_cast<double>(drawn.sum().item<int64_t>()) / static_cast<double>(n - 1));
    }
  }
  for (const double share : result.share) result.top1.push_back(share == 1.0 ? 1 : 0);
  return result;
}

}  // namespace fmri2img::statistics
