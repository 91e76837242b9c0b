#include "fmri2img/report/score_section.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "fmri2img/core/text.h"
#include "fmri2img/findings/readable_key.h"
#include "fmri2img/report/chart_figure.h"
#include "fmri2img/report/html.h"
#include "fmri2img/report/published_rows.h"
#include "fmri2img/report/score_names.h"

namespace fmri2img::report {
namespace {

namespace fs = std::filesystem;

bool is_score(const Json& json) {
  return json.is_object() && json.contains("mean");
}
bool has_value(const Json& score) {
  return is_score(score) && score.at("mean").is_number();
}

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

/// Names of an evaluation's scores that have figures, in the order of columns.
std::vector<ScoreName> columns_of(const Json& evaluation) {
  std::vector<ScoreName> columns;
  for (const auto& [key, value] : evaluation.items()) {
    if (is_score(value) && has_figures(evaluation, key)) columns.push_back(score_name(key));
  }
  std::ranges::stable_sort(columns, {}, &ScoreName::rank);
  return columns;
}

/// "0.412" above "[0.380, 0.441]", or a dash.
std::string score_cell(const ScoreName& name, const Json& line) {
  const Json score = line.value(name.key, Json());
  if (!has_value(score)) return "<td>&ndash;</td>";
  const auto shown = [&](const char* key) { return show_score(name, score.at(key).get<double>()); };
  const bool interval = score.value("low", Json()).is_number() && score.value("high", Json()).is_number() &&
                        score.at("low") != score.at("high");
  if (!interval) return fmt::format("<td>{}</td>", shown("mean"));
  return fmt::format("<td>{} <small>[{}, {}]</small></td>", shown("mean"), shown("low"), shown("high"));
}

std::string score_row(const std::string& name, const Json& line, const std::vector<ScoreName>& columns, bool chosen) {
  std::string row =
      fmt::format("<tr{}><th scope=\"row\">{}</th>", chosen ? R"( class="chosen")" : "", escape_html(name));
  for (const ScoreName& column : columns) row += score_cell(column, line);
  return row + "</tr>\n";
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

/// "mindeye1-982, antialiased"; evaluations of earlier versions have the preset alone.
std::string protocol_label(const Json& evaluation) {
  return evaluation.value("protocol", evaluation.at("preset").get<std::string>());
}

std::string evaluation_table(const Json& evaluation, const std::string& run, const std::string& id) {
  const std::vector<ScoreName> columns = columns_of(evaluation);
  const std::string model = evaluation.at("model").get<std::string>(), protocol = protocol_label(evaluation);
  std::string rows = score_row(model, evaluation, columns, true);
  for (const auto& [key, group] : groups_of(evaluation)) {
    rows += fmt::format("<tr class=\"group\"><th colspan=\"{}\" scope=\"colgroup\">{}</th></tr>\n",
                        columns.size() + 1,
                        escape_html(group_title(key)));
    for (const auto& [name, line] : group.items())
      rows += score_row(findings::readable_key(name), line, columns, false);
  }
  const std::string title = fmt::format("{}Preset {}, {}",
                                        run.empty() ? "" : run + ": ",
                                        protocol,
                                        counted(evaluation.at("images").get<int64_t>(), "image", "images"));
  return fmt::format("<h3>{}</h3>\n<p class=\"soft\">Mean and 95 % interval over images.</p>\n", escape_html(title)) +
         scroll_frame("Scores: " + title,
                      "<table>\n" + score_head(columns) + "<tbody>\n" + rows + "</tbody></table>\n") +
         evaluation_remarks(evaluation) + comparison_chart(evaluation, score_name("pixel_correlation"), id + "-pixel") +
         comparison_chart(evaluation, score_name("clip"), id + "-clip");
}

std::string published_table(const PublishedGroup& group) {
  std::set<std::pair<int, std::string>> keys;
  for (const PublishedRow& row : group.rows) {
    for (const auto& [key, value] : row.scores) keys.emplace(score_name(key).rank, key);
  }
  std::vector<ScoreName> columns;
  for (const auto& [rank, key] : keys) columns.push_back(score_name(key));
  std::string rows;
  for (const PublishedRow& row : group.rows) {
    std::string source = row.source + (row.read_in_primary_source ? "" : "; primary source not read");
    if (!row.note.empty()) source += "; " + row.note;
    rows += fmt::format(
        "<tr><th scope=\"row\" class=\"long\">{} <small>{}</small></th>", escape_html(row.method), escape_html(source));
    for (const ScoreName& column : columns) {
      const auto found = row.scores.find(column.key);
      rows += found == row.scores.end() ? "<td>&ndash;</td>"
                                        : fmt::format("<td>{}</td>", show_score(column, found->second));
    }
    rows += "</tr>\n";
  }
  return fmt::format("<p class=\"soft\">{}</p>\n", escape_html(group.protocol)) +
         scroll_frame("Published: " + group.title,
                      "<table>\n" + score_head(columns) + "<tbody>\n" + rows + "</tbody></table>\n");
}

/// What an evaluation of a group's preset has in common with it, beside the pictures before they are compared.
std::string how_alike(const Json& evaluation, const PublishedGroup& group) {
  const int64_t images = evaluation.at("images").get<int64_t>();
  const std::string label = protocol_label(evaluation);
  const std::string other = label == group.preset ? "" : label + ", ";
  if (images == group.images && other.empty()) return "preset and number of images as above; subjects may differ";
  if (images == group.images) return fmt::format("preset as above, but {}", label);
  return fmt::format(
      "preset as above, but {}over {}, not {}", other, counted(images, "image", "images"), format_count(group.images));
}

/// Tables of a protocol that some evaluation follows stand open; the others are folded away.
std::string published_tables(const std::vector<Json>& evaluations) {
  std::string text =
      "<h3>What others have published</h3>\n<p class=\"soft\">One table for each protocol. Figures compare only within "
      "one table, and with scores above only where preset, images and subjects are the same.</p>\n";
  for (const PublishedGroup& group : published_groups()) {
    const auto of_preset = std::ranges::find_if(
        evaluations, [&](const Json& evaluation) { return evaluation.at("preset") == group.preset; });
    const bool same = of_preset != evaluations.end();
    text += fmt::format("<details{}><summary>{} <small>{}</small></summary>\n{}</details>\n",
                        same ? " open" : "",
                        escape_html(group.title),
                        same ? how_alike(*of_preset, group) : "another protocol than any above",
                        published_table(group));
  }
  return text;
}

}  // namespace

std::vector<fs::path> evaluation_files(const fs::path& results) {
  std::vector<fs::path> files;
  if (exists(results / "evaluation.json")) files.push_back(results / "evaluation.json");
  std::set<fs::path> others;
  for (const auto& entry : fs::directory_iterator(results)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("evaluation_") && name.ends_with(".json")) others.insert(entry.path());
  }
  files.insert(files.end(), others.begin(), others.end());
  return files;
}

std::vector<Json> read_evaluations(const fs::path& results) {
  std::vector<Json> evaluations;
  for (const fs::path& file : evaluation_files(results)) evaluations.push_back(read_json(file));
  return evaluations;
}

std::string headline_figures(const std::vector<Json>& evaluations) {
  if (evaluations.empty()) return {};
  const Json& evaluation = evaluations.front();
  constexpr std::array kHeadlines = {"pixel_correlation", "ssim", "clip", "alexnet5", "identification", "inception"};
  const Json chance = evaluation.value("baselines", Json::object()).value("chance", Json::object());
  std::string figures;
  int count = 0;
  for (const char* key : kHeadlines) {
    const Json score = evaluation.value(key, Json());
    if (!has_value(score) || count == 4) continue;
    ++count;
    const ScoreName name = score_name(key);
    const auto shown = [&](const Json& of, const char* what) { return show_score(name, of.at(what).get<double>()); };
    std::string range;
    if (score.value("low", Json()).is_number())
      range = fmt::format("95 % interval {} to {}", shown(score, "low"), shown(score, "high"));
    const Json by_chance = chance.value(key, Json());
    if (has_value(by_chance)) range += fmt::format("{}chance {}", range.empty() ? "" : "; ", shown(by_chance, "mean"));
    figures += fmt::format("<div><dt>{}</dt><dd><b>{}</b><small>{}</small></dd></div>\n",
                           escape_html(name.title),
                           shown(score, "mean"),
                           range);
  }
  return figures.empty() ? "" : "<dl class=\"figures\">\n" + figures + "</dl>\n";
}

std::string score_section(std::span<const reconstruction::Results> results) {
  std::string text;
  std::vector<Json> all;
  for (const reconstruction::Results& run : results) {
    const std::string name = results.size() > 1 ? run.folder.filename().string() : "";
    for (const Json& evaluation : read_evaluations(run.folder)) {
      text += evaluation_table(evaluation, name, fmt::format("scores-{}", all.size()));
      all.push_back(evaluation);
    }
  }
  return text.empty() ? "" : text + published_tables(all);
}

}  // namespace fmri2img::report
