#include "fmri2img/findings/grouped_bars.h"

#include <algorithm>

namespace fmri2img::findings {

std::vector<ChartSeries> grouped_bars(const std::vector<GroupedBar>& bars, std::span<const char* const> series) {
  std::vector<std::string> groups;
  for (const GroupedBar& bar : bars) {
    if (std::ranges::find(groups, bar.group) == groups.end()) groups.push_back(bar.group);
  }
  std::vector<ChartSeries> result;
  for (const char* name : series) {
    ChartSeries one{.name = name};
    for (const GroupedBar& bar : bars) {
      if (bar.series != name) continue;
      one.x.push_back(static_cast<double>(std::ranges::find(groups, bar.group) - groups.begin()));
      one.y.push_back(bar.value);
      one.labels.push_back(bar.group);
      if (!bar.interval) continue;
      one.low.push_back(bar.interval->first);
      one.high.push_back(bar.interval->second);
    }
    if (!one.x.empty()) result.push_back(std::move(one));
  }
  return result;
}

}  // namespace fmri2img::findings
