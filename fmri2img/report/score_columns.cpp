#include "fmri2img/report/score_columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "fmri2img/report/html.h"

namespace fmri2img::report {

std::vector<ScoreName> score_columns(const std::set<std::string>& keys) {
  std::vector<ScoreName> columns;
  for (const std::string& key : keys) columns.push_back(score_name(key));
  std::ranges::stable_sort(columns, {}, &ScoreName::rank);
  return columns;
}

std::string score_head(const std::vector<ScoreName>& columns) {
  std::string head = "<thead><tr><th></th>";
  for (const ScoreName& column : columns)
    head += fmt::format("<th scope=\"col\">{} <span aria-label=\"{}\">{}</span></th>",
                        escape_html(column.title),
                        column.higher_is_better ? "higher is better" : "lower is better",
                        column.higher_is_better ? "&uarr;" : "&darr;");
  return head + "</tr></thead>\n";
}

std::string group_row(const std::vector<ScoreName>& columns, const std::string& title) {
  return fmt::format("<tr class=\"group\"><th colspan=\"{}\" scope=\"colgroup\">{}</th></tr>\n",
                     columns.size() + 1,
                     escape_html(title));
}

}  // namespace fmri2img::report
