#include "fmri2img/data/split.h"

#include <ATen/ops/randperm.h>

#include <cmath>

#include "fmri2img/core/check.h"
#include "fmri2img/core/random.h"
#include "fmri2img/core/text.h"

namespace fmri2img::data {
namespace {

/// 1 - f as a user would have typed it: 1 - .7 in binary is a little more than .3, which decides sizes such as .3 * 10.
double remaining_fraction(double fraction) {
  return std::round((1 - fraction) * 1e12) / 1e12;
}

}  // namespace

Split random_split(const std::vector<int64_t>& pool, double train_fraction, uint64_t seed) {
  FMRI2IMG_CHECK_USAGE(train_fraction > 0 && train_fraction < 1,
                       "share of training rows is {}, must lie between 0 and 1",
                       train_fraction);
  const auto count = static_cast<double>(pool.size());
  const auto num_validation = static_cast<size_t>(std::floor(count * remaining_fraction(train_fraction)));
  const auto whole_train = static_cast<size_t>(std::floor(count * train_fraction));
  const size_t num_train = pool.size() - num_validation;
  FMRI2IMG_ASSERT(num_train - whole_train <= 1);
  FMRI2IMG_CHECK_USAGE(
      num_validation > 0 && num_train > 0,
      "{} rows cannot be split into training and validation rows at {}: name more rows with --train-rows, or hold out "
      "fewer (--hold-out)",
      format_count(static_cast<int64_t>(pool.size())),
      train_fraction);

  const at::Tensor order = at::randperm(static_cast<int64_t>(pool.size()), make_generator(seed), at::kLong);
  const int64_t* drawn = order.const_data_ptr<int64_t>();
  Split split;
  for (size_t i = 0; i < pool.size(); ++i) {
    (i < num_train ? split.train : split.validation).push_back(pool[static_cast<size_t>(drawn[i])]);
  }
  return split;
}

}  // namespace fmri2img::data
