#include "fmri2img/report/score_section.h"

#include <fmt/format.h>

#include <array>

#include "fmri2img/report/evaluation_json.h"
#include "fmri2img/report/evaluation_table.h"
#include "fmri2img/report/html.h"
#include "fmri2img/report/published_section.h"
#include "fmri2img/report/score_names.h"

namespace fmri2img::report {

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
