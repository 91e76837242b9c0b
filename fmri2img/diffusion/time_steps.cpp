#include "fmri2img/diffusion/time_steps.h"

#include <algorithm>
#include <cmath>

#include "fmri2img/core/check.h"

namespace fmri2img::diffusion {
namespace {

/// numpy.linspace(0, last, count).
std::vector<double> linspace(double last, int64_t count) {
  std::vector<double> points(static_cast<size_t>(count));
  if (count < 2) return points;
  const double step = last / static_cast<double>(count - 1);
  for (size_t i = 0; i < points.size(); ++i) points[i] = static_cast<double>(i) * step;
  points.back() = last;
  return points;
}

/// numpy.arange(first, 0, -step), whose increment is the rounded difference of its first two values.
std::vector<double> arange_down(double first, double step, int64_t count) {
  const double increment = (first - step) - first;
  std::vector<double> points(static_cast<size_t>(count));
  for (size_t i = 0; i < points.size(); ++i) points[i] = first + static_cast<double>(i) * increment;
  return points;
}

std::vector<double> linspace_down(int64_t num_train, int64_t steps, Grid grid) {
  const int64_t left_out = grid == Grid::kOpenEnd ? 1 : 0;
  std::vector<double> points = linspace(static_cast<double>(num_train - 1), steps + left_out);
  for (double& point : points) point = grid == Grid::kFractional ? static_cast<float>(point) : std::nearbyint(point);
  points.erase(points.begin(), points.begin() + left_out);
  std::reverse(points.begin(), points.end());
  return points;
}

std::vector<double> leading(int64_t num_train, int64_t offset, int64_t steps, Grid grid) {
  const int64_t left_out = grid == Grid::kOpenEnd ? 1 : 0;
  const int64_t ratio = num_train / (steps + left_out);
  std::vector<double> points;
  for (int64_t i = steps - 1; i >= 0; --i) points.push_back(static_cast<double>((i + left_out) * ratio + offset));
  return points;
}

std::vector<double> trailing(int64_t num_train, int64_t steps) {
  const auto count = static_cast<double>(num_train);
  std::vector<double> points = arange_down(count, count / static_cast<double>(steps), steps);
  for (double& point : points) point = std::nearbyint(point) - 1;
  return points;
}

}  // namespace

void check_run_length(const RunLength& length, int64_t num_train_timesteps) {
  FMRI2IMG_CHECK_USAGE(length.steps >= 1, "--steps is {}, must be at least 1", length.steps);
  FMRI2IMG_CHECK_USAGE(length.steps <= num_train_timesteps,
                       "--steps is {}, but the model was trained with {} time steps: use at most so many",
                       length.steps,
                       num_train_timesteps);
  FMRI2IMG_CHECK_USAGE(
      length.strength > 0 && length.strength <= 1, "--strength is {}, must be above 0 and at most 1", length.strength);
}

std::vector<double> whole_run(const SchedulerConfig& config, int64_t steps, Grid grid) {
  const int64_t num_train = config.noise.num_train_timesteps;
  std::vector<double> points;
  switch (config.timestep_spacing) {
    case Spacing::kLinspace:
      points = linspace_down(num_train, steps, grid);
      break;
    case Spacing::kLeading:
      points = leading(num_train, config.steps_offset, steps, grid);
      break;
    case Spacing::kTrailing:
      points = trailing(num_train, steps);
      break;
  }
  FMRI2IMG_CHECK_USAGE(points.front() < static_cast<double>(num_train),
                       "--steps {} begins at time step {} (\"steps_offset\" is {}), but the model's last is {}: "
                       "use fewer steps",
                       steps,
                       points.front(),
                       config.steps_offset,
                       num_train - 1);
  return points;
}

int64_t skipped_steps(const RunLength& length) {
  return length.steps - static_cast<int64_t>(static_cast<double>(length.steps) * length.strength);
}

std::vector<double> last_part(std::vector<double> time_steps, const RunLength& length) {
  const int64_t skipped = skipped_steps(length);
  FMRI2IMG_CHECK_USAGE(skipped < static_cast<int64_t>(time_steps.size()),
                       "--strength {} of --steps {} is less than one step: at this strength use at least {} steps",
                       length.strength,
                       length.steps,
                       std::ceil(1 / length.strength));
  time_steps.erase(time_steps.begin(), time_steps.begin() + skipped);
  return time_steps;
}

}  // namespace fmri2img::diffusion
