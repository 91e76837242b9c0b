#include "fmri2img/report/published_section.h"

#include <fmt/format.h>

#include <algorithm>

#include "fmri2img/core/text.h"
#include "fmri2img/report/evaluation_json.h"
#include "fmri2img/report/html.h"
#include "fmri2img/report/score_columns.h"

namespace fmri2img::report {
namespace {

int64_t images_of(const Json& evaluation) {
  return evaluation.at("images").get<int64_t>();
}

bool is_comparable(const Json& evaluation, const PublishedGroup& group) {
  return protocol_label(evaluation) == group.preset && images_of(evaluation) == group.images;
}

std::string published_table(const PublishedGroup& group) {
  const std::vector<ScoreName> columns = score_columns(score_keys(group));
  return fmt::format("<p class=\"soft\">{}</p>\n", escape_html(group.protocol)) +
         scroll_frame(
             "Published: " + group.title,
             "<table>\n" + score_head(columns) + "<tbody>\n" + published_lines(group, columns) + "</tbody></table>\n");
}

/// What keeps an evaluation of a group's preset from being compared with it.
std::string how_it_differs(const Json& evaluation, const PublishedGroup& group) {
  const std::string label = protocol_label(evaluation);
  if (images_of(evaluation) == group.images) return fmt::format("preset as above, but {}", label);
  return fmt::format("preset as above, but {}over {}, not {}",
                     label == group.preset ? "" : label + ", ",
                     counted(images_of(evaluation), "image", "images"),
                     format_count(group.images));
}

std::string published_details(const PublishedGroup& group, const std::vector<Json>& evaluations) {
  const auto alike = std::ranges::find_if(
      evaluations, [&](const Json& evaluation) { return evaluation.at("preset") == group.preset; });
  const bool open = alike != evaluations.end();
  return fmt::format("<details{}><summary>{} <small>{}</small></summary>\n{}</details>\n",
                     open ? " open" : "",
                     escape_html(group.title),
                     open ? how_it_differs(*alike, group) : "another protocol than any above",
                     published_table(group));
}

}  // namespace

std::vector<PublishedGroup> comparable_groups(const Json& evaluation) {
  std::vector<PublishedGroup> groups = published_groups();
  std::erase_if(groups, [&](const PublishedGroup& group) { return !is_comparable(evaluation, group); });
  return groups;
}

std::set<std::string> score_keys(const PublishedGroup& group) {
  std::set<std::string> keys;
  for (const PublishedRow& row : group.rows) {
    for (const auto& [key, value] : row.scores) keys.insert(key);
  }
  return keys;
}

std::string published_lines(const PublishedGroup& group, const std::vector<ScoreName>& columns) {
  std::string lines;
  for (const PublishedRow& row : group.rows) {
    std::string source = row.source + (row.read_in_primary_source ? "" : "; primary source not read");
    if (!row.note.empty()) source += "; " + row.note;
    lines += fmt::format(
        "<tr><th scope=\"row\" class=\"long\">{} <small>{}</small></th>", escape_html(row.method), escape_html(source));
    for (const ScoreName& column : columns) {
      const auto found = row.scores.find(column.key);
      lines += found == row.scores.end() ? "<td>&ndash;</td>"
                                         : fmt::format("<td>{}</td>", show_score(column, found->second));
    }
    lines += "</tr>\n";
  }
  return lines;
}

std::string published_tables(const std::vector<Json>& evaluations) {
  std::string tables;
  for (const PublishedGroup& group : published_groups()) {
    const bool shown =
        std::ranges::any_of(evaluations, [&](const Json& evaluation) { return is_comparable(evaluation, group); });
    if (!shown) tables += published_details(group, evaluations);
  }
  return "<h3>What others have published</h3>\n<p class=\"soft\">One table for each protocol. Figures compare only "
         "within one table.</p>\n" +
         tables;
}

}  // namespace fmri2img::report
