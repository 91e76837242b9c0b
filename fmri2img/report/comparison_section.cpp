#include "fmri2img/report/comparison_section.h"

#include <fmt/format.h>

#include <set>

#include "fmri2img/core/json.h"
#include "fmri2img/core/text.h"
#include "fmri2img/report/evaluation_json.h"
#include "fmri2img/report/html.h"
#include "fmri2img/report/interval_cell.h"
#include "fmri2img/report/score_names.h"
#include "fmri2img/statistics/bootstrap.h"

namespace fmri2img::report {
namespace {

namespace fs = std::filesystem;

std::string signed_score(const ScoreName& name, double value) {
  return (value > 0 ? "+" : "") + show_score(name, value);
}

/// Whether an interval holds zero, in a word.
const char* verdict_on(const ScoreName& name, const Json& difference, int64_t images) {
  if (images < statistics::kFewestToJudge) return "too few images";
  const double low = difference.at("low").get<double>(), high = difference.at("high").get<double>();
  if (low <= 0 && high >= 0) return "no difference shown";
  return (low > 0) == name.higher_is_better ? "first better" : "second better";
}

std::string comparison_row(const std::string& key, const Json& score) {
  const ScoreName name = score_name(key);
  const Json difference = score.value("difference", Json());
  if (!difference.is_object()) return {};
  return fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td>{}<td>{}</td></tr>\n",
                     escape_html(name.title),
                     show_score(name, score.at("first").get<double>()),
                     show_score(name, score.at("second").get<double>()),
                     interval_cell(difference, [&](double value) { return signed_score(name, value); }),
                     verdict_on(name, difference, score.at("images").get<int64_t>()));
}

std::string comparison_table(const Json& comparison) {
  std::string rows, notes;
  for (const auto& [key, score] : comparison.at("scores").items()) rows += comparison_row(key, score);
  for (const Json& note : comparison.value("notes", Json::array()))
    notes += fmt::format("<p class=\"soft\">{}</p>\n", escape_html(note.get<std::string>()));
  const auto side = [&](const char* key) { return escape_html(comparison.at(key).get<std::string>()); };
  return fmt::format(
             "<h3>Preset {}, {} images</h3>\n<dl class=\"facts\"><dt>First</dt><dd>{}</dd><dt>Second</dt><dd>{}"
             "</dd></dl>\n",
             escape_html(protocol_label(comparison)),
             format_count(comparison.at("images").get<int64_t>()),
             side("first"),
             side("second")) +
         scroll_frame("Two runs compared",
                      "<table>\n<thead><tr><th></th><th scope=\"col\">First</th><th scope=\"col\">Second</th><th "
                      "scope=\"col\">Difference</th><th></th></tr></thead>\n<tbody>\n" +
                          rows + "</tbody></table>\n") +
         notes;
}

}  // namespace

std::string comparison_section(const fs::path& results) {
  std::set<fs::path> files;
  for (const auto& entry : fs::directory_iterator(results)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("comparison_") && name.ends_with(".json")) files.insert(entry.path());
  }
  std::string text;
  for (const fs::path& file : files) text += comparison_table(read_json(file));
  if (text.empty()) return {};
  return "<p class=\"lead\">Image by image: means, and the mean difference (first minus second) with its 95 % interval "
         "over images.</p>\n" +
         text;
}

}  // namespace fmri2img::report
