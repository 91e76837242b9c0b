#include "fmri2img/statistics/interval_text.h"

#include <fmt/format.h>

namespace fmri2img::statistics {

std::string interval_text(const Interval& interval, const char* number) {
  const auto shown = [&](double value) { return fmt::format(fmt::runtime(number), value); };
  if (interval.low == interval.high) return shown(interval.mean);
  return fmt::format("{} [{}, {}]", shown(interval.mean), shown(interval.low), shown(interval.high));
}

}  // namespace fmri2img::statistics
