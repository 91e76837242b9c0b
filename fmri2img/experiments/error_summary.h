#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "fmri2img/statistics/bootstrap.h"

namespace fmri2img::experiments {

/// The mean over batches of each batch's mean, batches of `batch` values in the order given, the last one partial: how
/// the original averaged a loss. A row of a partial batch counts for more than the others, so it differs from the true
/// mean unless all batches are full. REQUIRES: values not empty, batch >= 1.
double mean_of_batch_means(std::span<const double> values, int64_t batch);

/// "0.4123 [0.4010, 0.4231]".
std::string show(const statistics::Interval& interval);

/// Mean and 95 % bootstrap interval over rows; see `statistics::bootstrap_mean`.
statistics::Interval summarise_rows(std::span<const double> values, uint64_t seed);

}  // namespace fmri2img::experiments
