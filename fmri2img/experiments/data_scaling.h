#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fmri2img/experiments/row_values.h"
#include "fmri2img/findings/finding.h"

namespace fmri2img::experiments {

/// Numbers of training pictures: the pool halved `halvings` times, ascending, none below `fewest`. The pool itself is
/// always there.
std::vector<int64_t> scaling_sizes(int64_t pool, int64_t halvings, int64_t fewest);

/// The pool in an order drawn from `seed`: the first n rows are the pictures of size n, so that a larger size contains
/// every smaller one. Randomness: PyTorch's CPU generator.
std::vector<int64_t> nested_order(const std::vector<int64_t>& pool, uint64_t seed);

/// One decoder of the experiment, scored on the rows that none was trained on.
struct ScalingResult {
  std::string decoder;   ///< "ridge" or "mlp"
  int64_t pictures = 0;  ///< all that it was given; an MLP validates on 30 % of them
  RowValues errors;      ///< mean absolute error of each held-out row's latents
  int64_t epochs = 0;    ///< of an MLP
};

/// One line a decoder and size: decoder, pictures, held_out_rows, error, low, high.
std::string scaling_csv(const std::vector<ScalingResult>& results, uint64_t seed);

/// `baseline`: the errors of the mean latents of the whole pool, on the same rows.
findings::Finding scaling_finding(const std::vector<ScalingResult>& results, const RowValues& baseline, uint64_t seed);

}  // namespace fmri2img::experiments
