#include "fmri2img/report/evaluation_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "fmri2img/core/text.h"
#include "fmri2img/findings/readable_key.h"
#include "fmri2img/report/chart_figure.h"
#include "fmri2img/report/evaluation_json.h"
#include "fmri2img/report/html.h"
#include "fmri2img/report/interval_cell.h"
#include "fmri2img/report/published_section.h"
#include "fmri2img/report/score_columns.h"

namespace fmri2img::report {
namespace {

/// Several lines of scores below one key of an evaluation: "baselines", "others".
bool is_group(const Json& json) {
  if (!json.is_object() || json.empty() || is_score(json)) return false;
  return std::ranges::all_of(json, [](const Json& line) {
    return line.is_object() &&
           std::ranges::any_of(line, [](const Json& score) { return is_score(score) || score.is_null(); });
  });
}

/// The groups of an evaluation, the baselines last.
std::vector<std::pair<std::string, Json>> groups_of(const Json& evaluation) {
  std::vector<std::pair<std::string, Json>> groups;
  for (const auto& [key, value] : evaluation.items()) {
    if (is_group(value)) groups.emplace_back(key, value);
  }
  std::stable_partition(groups.begin(), groups.end(), [](const auto& group) { return group.first != "baselines"; });
  return groups;
}

/// Whether some line has a figure of the score.
bool has_figures(const Json& evaluation, const std::string& key) {
  if (has_value(evaluation.at(key))) return true;
  for (const auto& [name, group] : groups_of(evaluation)) {
    if (std::ranges::any_of(group, [&](const Json& line) { return has_value(line.value(key, Json())); })) return true;
  }
  return false;
}

/// Names of an evaluation's scores that have figures.
std::set<std::string> keys_with_figures(const Json& evaluation) {
  std::set<std::string> keys;
  for (const auto& [key, value] : evaluation.items()) {
    if (is_score(value) && has_figures(evaluation, key)) keys.insert(key);
  }
  return keys;
}

/// "0.412" above "[0.380, 0.441]", or a dash.
std::string score_cell(const ScoreName& name, const Json& line) {
  const Json score = line.value(name.key, Json());
  if (!has_value(score)) return "<td>&ndash;</td>";
  return interval_cell(score, [&](double value) { return show_score(name, value); });
}

std::string score_row(const std::string& name, const Json& line, const std::vector<ScoreName>& columns, bool chosen) {
  std::string row =
      fmt::format("<tr{}><th scope=\"row\">{}</th>", chosen ? R"( class="chosen")" : "", escape_html(name));
  for (const ScoreName& column : columns) row += score_cell(column, line);
  return row + "</tr>\n";
}

std::string group_title(const std::string& key) {
  if (key == "others") return "Everything else that the run made";
  if (key == "baselines") return "Baselines";
  std::string title = findings::readable_key(key);
  if (!title.empty() && title[0] >= 'a' && title[0] <= 'z') title[0] = static_cast<char>(title[0] - 'a' + 'A');
  return title;
}

/// "AlexNet(2), AlexNet(5)" of a list of keys, or of one key.
std::string score_titles(const Json& keys) {
  if (keys.is_string()) return score_name(keys.get<std::string>()).title;
  std::string titles;
  for (const Json& key : keys) titles += (titles.empty() ? "" : ", ") + score_name(key.get<std::string>()).title;
  return titles;
}

/// An item of "not_computed": scores and the reason, or a sentence.
std::string not_computed_item(const Json& item) {
  if (!item.is_object()) return item.is_string() ? item.get<std::string>() : item.dump();
  return score_titles(item.value("scores", Json::array())) + ": " + item.value("reason", "");
}

/// The networks that the scores were made with, and the hashes of their weights.
std::string network_list(const Json& networks) {
  if (networks.empty()) return {};
  std::string facts;
  for (const Json& network : networks)
    facts += fmt::format("<dt>{}</dt><dd><code>{}</code> <small><code>{}</code></small></dd>\n",
                         escape_html(score_titles(network.value("scores", Json::array()))),
                         escape_html(network.value("file", "")),
                         escape_html(network.value("hash", "")));
  return fmt::format(
      "<details><summary>Weights of the networks <small>{}</small></summary>\n<dl class=\"facts\">\n{}"
      "</dl></details>\n",
      networks.size(),
      facts);
}

std::string evaluation_remarks(const Json& evaluation) {
  std::string remarks;
  for (const Json& note : evaluation.value("notes", Json::array()))
    remarks += fmt::format("<p class=\"soft\">{}</p>\n", escape_html(note.get<std::string>()));
  const Json missing = evaluation.value("not_computed", Json::array());
  remarks += network_list(evaluation.value("networks", Json::array()));
  if (missing.empty()) return remarks;
  remarks += "<p class=\"soft\">Not computed:</p>\n<ul class=\"soft\">\n";
  for (const Json& item : missing) remarks += fmt::format("<li>{}</li>\n", escape_html(not_computed_item(item)));
  return remarks + "</ul>\n";
}

/// Everything that has a name and this score, as bars.
std::string comparison_chart(const Json& evaluation, const ScoreName& name, const std::string& id) {
  findings::Chart chart{.id = id,
                        .title = name.title + " of everything that was made",
                        .kind = findings::ChartKind::kBars,
                        .x_label = "",
                        .y_label = name.title};
  findings::ChartSeries series;
  const auto add = [&](const std::string& label, const Json& line) {
    const Json score = line.value(name.key, Json());
    if (!has_value(score)) return;
    series.x.push_back(static_cast<double>(series.x.size()));
    series.labels.push_back(label);
    series.y.push_back(score.at("mean").get<double>());
    series.low.push_back(score.value("low", Json()).is_number() ? score.at("low").get<double>() : series.y.back());
    series.high.push_back(score.value("high", Json()).is_number() ? score.at("high").get<double>() : series.y.back());
  };
  add(evaluation.at("model").get<std::string>(), evaluation);
  for (const auto& [key, group] : groups_of(evaluation)) {
    for (const auto& [label, line] : group.items()) add(findings::readable_key(label), line);
  }
  if (series.x.size() < 4) return {};  // the table says as much
  chart.series.push_back(std::move(series));
  return chart_figure(chart, id);
}

/// The groups of an evaluation and the published rows that compare with it, each below its title.
std::string grouped_rows(const Json& evaluation,
                         const std::vector<PublishedGroup>& published,
                         const std::vector<ScoreName>& columns) {
  std::string rows;
  for (const auto& [key, group] : groups_of(evaluation)) {
    rows += group_row(columns, group_title(key));
    for (const auto& [name, line] : group.items())
      rows += score_row(findings::readable_key(name), line, columns, false);
  }
  for (const PublishedGroup& group : published) {
    rows += group_row(columns, "Published: " + group.title);
    rows += published_lines(group, columns);
  }
  return rows;
}

std::string published_protocols(const std::vector<PublishedGroup>& published) {
  std::string text;
  for (const PublishedGroup& group : published)
    text += fmt::format(
        "<p class=\"soft\">Published ({}): {}</p>\n", escape_html(group.title), escape_html(group.protocol));
  return text;
}

}  // namespace

std::string evaluation_table(const Json& evaluation, const std::string& run, const std::string& id) {
  const std::vector<PublishedGroup> published = comparable_groups(evaluation);
  std::set<std::string> keys = keys_with_figures(evaluation);
  for (const PublishedGroup& group : published) keys.merge(score_keys(group));
  const std::vector<ScoreName> columns = score_columns(keys);
  const std::string title = fmt::format("{}Preset {}, {}",
                                        run.empty() ? "" : run + ": ",
                                        protocol_label(evaluation),
                                        counted(evaluation.at("images").get<int64_t>(), "image", "images"));
  return fmt::format("<h3>{}</h3>\n<p class=\"soft\">Mean and 95 % interval over images.</p>\n", escape_html(title)) +
         scroll_frame("Scores: " + title,
                      "<table>\n" + score_head(columns) + "<tbody>\n" +
                          score_row(evaluation.at("model").get<std::string>(), evaluation, columns, true) +
                          grouped_rows(evaluation, published, columns) + "</tbody></table>\n") +
         published_protocols(published) + evaluation_remarks(evaluation) +
         comparison_chart(evaluation, score_name("pixel_correlation"), id + "-pixel") +
         comparison_chart(evaluation, score_name("clip"), id + "-clip");
}

}  // namespace fmri2img::report
