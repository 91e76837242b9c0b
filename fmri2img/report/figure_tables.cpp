#include "fmri2img/report/figure_tables.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "fmri2img/core/json.h"
#include "fmri2img/report/html.h"

namespace fmri2img::report {
namespace {

namespace fs = std::filesystem;

/// Keys of evaluation.json and what they are called at the head of a column.
constexpr std::array<std::pair<const char*, const char*>, 4> kScores = {{{"pixel_correlation", "pixel correlation"},
                                                                         {"ssim", "SSIM"},
                                                                         {"mse", "MSE"},
                                                                         {"identification", "two-way identification"}}};

/// "0.412 [0.380, 0.441]", or a dash.
std::string cell(const Json& score, const char* number = "{:.3f}") {
  if (score.is_null() || !score.contains("mean") || score["mean"].is_null()) return "<td>-</td>";
  const auto shown = [&](const char* key) { return fmt::format(fmt::runtime(number), score[key].get<double>()); };
  if (score["low"] == score["high"]) return fmt::format("<td>{}</td>", shown("mean"));
  return fmt::format("<td>{} <small>[{}, {}]</small></td>", shown("mean"), shown("low"), shown("high"));
}

std::string score_line(const std::string& name, const Json& line, bool chosen) {
  std::string row = fmt::format("<tr{}><td>{}</td>", chosen ? R"( class="chosen")" : "", escape_html(name));
  for (const auto& [key, title] : kScores) row += cell(line.value(key, Json()));
  return row + "</tr>\n";
}

std::string readable(std::string name) {
  for (char& c : name) c = c == '_' ? ' ' : c;
  return name;
}

}  // namespace

std::string score_table(const fs::path& results) {
  const fs::path file = results / "evaluation.json";
  if (!fs::exists(file)) return {};
  const Json json = read_json(file);
  std::string rows = score_line(json.at("model").get<std::string>(), json, true);
  for (const char* group : {"others", "baselines"}) {
    for (const auto& [name, line] : json.at(group).items()) rows += score_line(readable(name), line, false);
  }
  std::string head = "<th></th>";
  for (const auto& [key, title] : kScores) head += fmt::format("<th>{}</th>", title);
  std::string notes;
  for (const Json& note : json.at("notes"))
    notes += fmt::format("<p class=\"soft\">{}</p>\n", escape_html(note.get<std::string>()));
  return fmt::format(
      "<section>\n<h2>How close to what was shown: {}</h2>\n<p class=\"soft\">Preset {}, {} images, mean and 95 % "
      "interval over images.</p>\n<div class=\"scroll\"><table>\n<tr>{}</tr>\n{}</table></div>\n{}</section>\n",
      escape_html(json.at("model").get<std::string>()),
      escape_html(json.at("preset").get<std::string>()),
      json.at("images").get<int64_t>(),
      head,
      rows,
      notes);
}

std::string vote_table(const fs::path& results) {
  const fs::path file = results / "votes.json";
  if (!fs::exists(file)) return {};
  const Json json = read_json(file);
  std::string rows;
  for (const Json& line : json.at("votes")) {
    const bool decides = line.at("decides").get<bool>();
    rows += fmt::format("<tr{}><td>{}</td>{}{}</tr>\n",
                        decides ? R"( class="chosen")" : "",
                        escape_html(line.at("vote").get<std::string>()),
                        cell(line.at("similarity")),
                        cell(line.at("gain"), "{:+.3f}"));
  }
  return fmt::format(
      "<section>\n<h2>Which image to believe</h2>\n<p class=\"soft\">Similarity of the chosen image to the target, by "
      "CLIP, and what it gains over a random pick ({:.3f}); mean and 95 % interval over {} trials. \"Best of all\" "
      "knows "
      "the target.</p>\n<div class=\"scroll\"><table>\n<tr><th>vote</th><th>similarity</th><th>gain</th></tr>\n{}"
      "</table></div>\n</section>\n",
      json.at("random_pick").get<double>(),
      json.at("trials").get<int64_t>(),
      rows);
}

}  // namespace fmri2img::report
