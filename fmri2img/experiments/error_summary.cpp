#include "fmri2img/experiments/error_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "fmri2img/core/check.h"
#include "fmri2img/statistics/interval_text.h"

namespace fmri2img::experiments {

double mean_of_batch_means(std::span<const double> values, int64_t batch) {
  FMRI2IMG_ASSERT(!values.empty() && batch >= 1);
  double sum = 0;
  int64_t batches = 0;
  for (size_t first = 0; first < values.size(); first += static_cast<size_t>(batch), ++batches) {
    const auto part = values.subspan(first, std::min(static_cast<size_t>(batch), values.size() - first));
    sum += std::accumulate(part.begin(), part.end(), 0.0) / static_cast<double>(part.size());
  }
  return sum / static_cast<double>(batches);
}

std::string show(const statistics::Interval& interval) {
  return statistics::interval_text(interval, "{:.4f}");
}

statistics::Interval summarise_rows(std::span<const double> values, uint64_t seed) {
  return statistics::bootstrap_mean(values, seed);
}

}  // namespace fmri2img::experiments
