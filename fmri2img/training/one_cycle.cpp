#include "fmri2img/training/one_cycle.h"

#include <cmath>
#include <numbers>

#include "fmri2img/core/check.h"

namespace fmri2img::training {
namespace {

// Defaults of the reference that nobody changes.
constexpr double kInitialDivision = 25;  // first learning rate = max / 25
constexpr double kHighBeta1 = 0.95;
constexpr double kLowBeta1 = 0.85;

/// From `start` at 0 to `end` at 1 along half a cosine.
double cosine_between(double start, double end, double fraction) {
  return end + (start - end) / 2 * (1 + std::cos(std::numbers::pi * fraction));
}

}  // namespace

OneCycle::OneCycle(const OneCycleOptions& options)
    : options_(options), warmup_end_(options.warmup_fraction * static_cast<double>(options.num_steps) - 1) {
  FMRI2IMG_CHECK(options.num_steps >= 2, "one-cycle schedule: num_steps is {}, must be at least 2", options.num_steps);
  FMRI2IMG_CHECK(options.max_learning_rate > 0,
                 "one-cycle schedule: max_learning_rate is {}, must be positive",
                 options.max_learning_rate);
  FMRI2IMG_CHECK(options.warmup_fraction >= 0 && options.warmup_fraction <= 1,
                 "one-cycle schedule: warmup_fraction is {}, must lie in 0 .. 1",
                 options.warmup_fraction);
}

OneCyclePoint OneCycle::at(int64_t step) const {
  FMRI2IMG_ASSERT(step >= 0 && step < options_.num_steps);
  const double initial = options_.max_learning_rate / kInitialDivision;
  const double last = initial / options_.final_division;
  const auto position = static_cast<double>(step);
  if (position <= warmup_end_ && warmup_end_ > 0) {  // a warm-up of one step has no rise
    const double fraction = position / warmup_end_;
    return {cosine_between(initial, options_.max_learning_rate, fraction),
            cosine_between(kHighBeta1, kLowBeta1, fraction)};
  }
  const double fraction = (position - warmup_end_) / (static_cast<double>(options_.num_steps - 1) - warmup_end_);
  return {cosine_between(options_.max_learning_rate, last, fraction), cosine_between(kLowBeta1, kHighBeta1, fraction)};
}

void OneCycle::check_length(int64_t steps) const {
  FMRI2IMG_CHECK(
      steps <= options_.num_steps,
      "the run needs {} steps, but the learning-rate schedule ends after {}: leave out --num-train, or raise it",
      steps,
      options_.num_steps);
}

}  // namespace fmri2img::training
