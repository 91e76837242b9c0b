#include "fmri2img/report/interval_cell.h"

#include <fmt/format.h>

namespace fmri2img::report {

std::string interval_cell(const Json& score, const std::function<std::string(double)>& show) {
  const std::string mean = show(score.at("mean").get<double>());
  const Json low = score.value("low", Json()), high = score.value("high", Json());
  if (!low.is_number() || !high.is_number() || low == high) return fmt::format("<td>{}</td>", mean);
  return fmt::format("<td>{} <small>[{}, {}]</small></td>", mean, show(low.get<double>()), show(high.get<double>()));
}

}  // namespace fmri2img::report
