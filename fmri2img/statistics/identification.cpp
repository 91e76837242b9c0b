#include "fmri2img/statistics/identification.h"

#include <torch/torch.h>

#include <cmath>
#include <limits>

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

/// n - 1 of `count` places other than place j.
at::Tensor draw_others(int64_t j, int64_t count, int64_t n, at::Generator& generator) {
  const at::Tensor others = at::randperm(count - 1, generator, at::kLong).narrow(0, 0, n - 1);
  return others + (others >= j).to(at::kLong);
}

/// The places of targets that can be compared with.
std::vector<int64_t> defined_places(const at::Tensor& correlations) {
  const at::Tensor places = undefined_targets(correlations).logical_not().nonzero().flatten().contiguous();
  return {places.const_data_ptr<int64_t>(), places.const_data_ptr<int64_t>() + places.numel()};
}

}  // namespace

at::Tensor undefined_targets(const at::Tensor& correlations) {
  FMRI2IMG_ASSERT(correlations.dim() == 2 && correlations.size(0) == correlations.size(1));
  const at::Tensor missing = correlations.isnan();
  const at::Tensor constant_reconstructions = missing.all(0);  // [N]
  if (constant_reconstructions.all().item<bool>()) return at::zeros_like(constant_reconstructions);
  return (missing | constant_reconstructions.unsqueeze(0)).all(1);
}

std::vector<double> two_way_identification(const at::Tensor& correlations) {
  const at::Tensor defined = undefined_targets(correlations).logical_not();
  const at::Tensor won = wins(correlations) & defined.unsqueeze(1);
  const auto others = static_cast<double>(defined.sum().item<int64_t>() - 1);  // of an image whose own is defined
  const at::Tensor shares = won.sum(0).to(at::kDouble) / others;               // 0 / 0 is NaN
  return to_vector(shares.masked_fill(defined.logical_not(), std::numeric_limits<double>::quiet_NaN()));
}

NWayIdentification n_way_identification(const at::Tensor& correlations, int64_t n, uint64_t seed) {
  const at::Tensor won = wins(correlations);
  const int64_t count = won.size(0);
  FMRI2IMG_ASSERT(n >= 2 && n <= count);
  const std::vector<int64_t> places = defined_places(correlations);
  const auto defined = static_cast<int64_t>(places.size());
  NWayIdentification result;
  result.share = two_way_identification(correlations);
  if (n < defined) {
    at::Generator generator = make_generator(seed);
    const at::Tensor among = won.index_select(0, torch::tensor(places, at::kLong));  // [defined, N]
    for (int64_t place = 0; place < defined; ++place) {
      const int64_t j = places[static_cast<size_t>(place)];
      const at::Tensor drawn = among.select(1, j).index_select(0, draw_others(place, defined, n, generator));
      result.share[static_cast<size_t>(j)] =
          static_cast<double>(drawn.sum().item<int64_t>()) / static_cast<double>(n - 1);
    }
  }
  for (const double share : result.share) result.top1.push_back(std::isnan(share) ? share : (share == 1.0 ? 1 : 0));
  return result;
}

}  // namespace fmri2img::statistics
