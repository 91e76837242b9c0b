#include "fmri2img/findings/axis.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

namespace fmri2img::findings {
namespace {

constexpr double kSlack = 1e-9;  // of a step: a tick that rounding has put just outside still counts

/// The smallest of 1, 2, 5 times a power of ten that is at least `least`.
double round_step(double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= least * (1 - kSlack)) return factor * power;
  }
  return 10 * power;
}

std::vector<double> even_ticks(double low, double high, double step) {
  std::vector<double> ticks;
  const auto first = static_cast<int64_t>(std::ceil(low / step - kSlack));
  const auto last = static_cast<int64_t>(std::floor(high / step + kSlack));
  // Multiples, not sums, of the step: 0.3 and not 0.30000000000000004; adding 0 turns -0 into 0.
  for (int64_t i = first; i <= last; ++i) ticks.push_back(static_cast<double>(i) * step + 0.0);
  return ticks;
}

/// Powers of ten times each of `factors` in [low, high].
std::vector<double> power_ticks(double low, double high, std::span<const double> factors) {
  std::vector<double> ticks;
  const int first = static_cast<int>(std::floor(std::log10(low))), last = static_cast<int>(std::ceil(std::log10(high)));
  for (int power = first; power <= last; ++power) {
    for (const double factor : factors) {
      const double tick = factor * std::pow(10.0, power);
      if (tick >= low * (1 - kSlack) && tick <= high * (1 + kSlack)) ticks.push_back(tick);
    }
  }
  return ticks;
}

std::vector<double> log_ticks(double low, double high, int most) {
  constexpr double kPowers[] = {1}, kThree[] = {1, 2, 5};
  for (const std::span<const double> factors : {std::span<const double>(kThree), std::span<const double>(kPowers)}) {
    std::vector<double> ticks = power_ticks(low, high, factors);
    if (std::ssize(ticks) >= 3 && std::ssize(ticks) <= std::ptrdiff_t{2} * most) return ticks;
  }
  if (high / low < 100) return even_ticks(low, high, round_step((high - low) / most));
  std::vector<double> ticks = power_ticks(low, high, kPowers);
  const auto every = static_cast<size_t>((std::ssize(ticks) + most - 1) / most);
  std::vector<double> some;
  for (size_t i = 0; i < ticks.size(); i += every) some.push_back(ticks[i]);
  return some;
}

Axis linear_axis(double low, double high, const AxisOptions& options) {
  if (low == high) {
    const double margin = low == 0 ? 1 : std::abs(low) / 2;
    low -= margin;
    high += margin;
  }
  Axis axis{.low = low, .high = high};
  double step = round_step((high - low) / options.most_ticks);
  if (options.whole) step = std::max(step, 1.0);
  if (options.ends == AxisEnds::kAtTicks) {
    axis.low = std::floor(low / step + kSlack) * step;
    axis.high = std::ceil(high / step - kSlack) * step;
  }
  axis.ticks = even_ticks(axis.low, axis.high, step);
  return axis;
}

Axis log_axis(double low, double high, const AxisOptions& options) {
  const double margin = low == high ? 2 : options.ends == AxisEnds::kAtTicks ? 1.1 : 1;
  Axis axis{.low = low / margin, .high = high * margin, .log = true};
  axis.ticks = log_ticks(axis.low, axis.high, options.most_ticks);
  return axis;
}

}  // namespace

double Axis::position(double value) const {
  if (!log) return (value - low) / (high - low);
  if (!(value > 0)) return std::numeric_limits<double>::quiet_NaN();
  return std::log(value / low) / std::log(high / low);
}

Axis fit_axis(std::span<const double> values, const AxisOptions& options) {
  const bool log = options.log && std::ranges::any_of(values, [](double v) { return std::isfinite(v) && v > 0; });
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const double value : values) {
    if (!std::isfinite(value) || (log && value <= 0)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (low > high) return linear_axis(0, 1, options);
  return log ? log_axis(low, high, options) : linear_axis(low, high, options);
}

std::string tick_label(double tick) {
  return fmt::format("{:.6g}", tick);
}

}  // namespace fmri2img::findings
