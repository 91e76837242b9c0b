#include "fmri2img/report/vote_section.h"

#include <fmt/format.h>

#include "fmri2img/core/json.h"
#include "fmri2img/core/text.h"
#include "fmri2img/report/chart_figure.h"
#include "fmri2img/report/html.h"
#include "fmri2img/report/interval_cell.h"
#include "fmri2img/statistics/bootstrap.h"

namespace fmri2img::report {
namespace {

std::string vote_cell(const Json& score, const char* number) {
  return interval_cell(score, [number](double value) { return fmt::format(fmt::runtime(number), value); });
}

std::string vote_chart(const Json& votes) {
  findings::Chart chart{.id = "votes",
                        .title = "What each vote gains over a random pick",
                        .kind = findings::ChartKind::kBars,
                        .x_label = "",
                        .y_label = "gain in CLIP similarity to the target"};
  findings::ChartSeries series;
  for (const Json& line : votes) {
    const Json& gain = line.at("gain");
    series.x.push_back(static_cast<double>(series.x.size()));
    series.labels.push_back(line.at("vote").get<std::string>());
    series.y.push_back(gain.at("mean").get<double>());
    series.low.push_back(gain.at("low").get<double>());
    series.high.push_back(gain.at("high").get<double>());
  }
  chart.series.push_back(std::move(series));
  return chart_figure(chart, "votes-gain");
}

/// Whether the vote that decided was worth it, in a sentence.
std::string verdict(const Json& votes, int64_t trials) {
  if (trials < statistics::kFewestToJudge)
    return fmt::format("<p>{} cannot tell whether a vote is better than a random pick.</p>\n",
                       counted(trials, "trial", "trials"));
  for (const Json& line : votes) {
    if (!line.at("decides").get<bool>()) continue;
    const bool helps = line.at("gain").at("low").get<double>() > 0;
    return fmt::format("<p>The vote that decided, <b>{}</b>, {}.</p>\n",
                       escape_html(line.at("vote").get<std::string>()),
                       helps ? "is better than a random pick" : "cannot be told from a random pick");
  }
  return {};
}

}  // namespace

std::string vote_section(const std::filesystem::path& results) {
  const std::filesystem::path file = results / "votes.json";
  if (!exists(file)) return {};
  const Json json = read_json(file);
  const Json& votes = json.at("votes");
  const auto trials = json.at("trials").get<int64_t>();
  std::string rows;
  for (const Json& line : votes) {
    rows += fmt::format("<tr{}><th scope=\"row\">{}</th>{}{}</tr>\n",
                        line.at("decides").get<bool>() ? R"( class="chosen")" : "",
                        escape_html(line.at("vote").get<std::string>()),
                        vote_cell(line.at("similarity"), "{:.3f}"),
                        vote_cell(line.at("gain"), "{:+.3f}"));
  }
  return fmt::format(
             "<p class=\"lead\">Similarity of the chosen image to the target, by CLIP, and what it gains over the "
             "expectation of a random pick ({:.3f}); mean and 95 % interval over {}. &ldquo;Best of all&rdquo; "
             "knows the target.</p>\n",
             json.at("random_pick").get<double>(),
             counted(trials, "trial", "trials")) +
         verdict(votes, trials) + vote_chart(votes) +
         scroll_frame("Votes compared",
                      "<table>\n<thead><tr><th></th><th scope=\"col\">Similarity</th><th scope=\"col\">Gain</th></tr>"
                      "</thead>\n<tbody>\n" +
                          rows + "</tbody></table>\n");
}

}  // namespace fmri2img::report
