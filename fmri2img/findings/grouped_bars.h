#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "fmri2img/findings/finding.h"

namespace fmri2img::findings {

/// One bar of a chart with a group of bars at each place.
struct GroupedBar {
  std::string group;   ///< what stands below it
  std::string series;  ///< which of the group's bars it is
  double value = 0;
  std::optional<std::pair<double, double>> interval;  ///< all bars of a series have one, or none
};

/// The bars as series in the order of `series`, those without bars left out. Groups stand in the order in which they
/// first appear among the bars, at 0, 1, ...
std::vector<ChartSeries> grouped_bars(const std::vector<GroupedBar>& bars, std::span<const char* const> series);

}  // namespace fmri2img::findings
