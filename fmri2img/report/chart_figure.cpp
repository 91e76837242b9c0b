#include "fmri2img/report/chart_figure.h"

#include <fmt/format.h>

#include "fmri2img/findings/svg_chart.h"
#include "fmri2img/report/html.h"

namespace fmri2img::report {

std::string chart_figure(const findings::Chart& chart, const std::string& id) {
  Json numbers = findings::to_json(findings::Finding{.charts = {chart}}).at("charts").at(0);
  numbers["id"] = id;
  numbers["colours"] = findings::kSeriesColours;
  return fmt::format(
      "<figure class=\"chart\" id=\"{}\">\n<figcaption>{}</figcaption>\n<div class=\"drawing\">\n{}</div>\n"
      "<script type=\"application/json\">{}</script>\n</figure>\n",
      escape_html(id),
      escape_html(chart.title),
      findings::svg_chart(chart, {.title = false}),
      script_json(numbers.dump()));
}

}  // namespace fmri2img::report
