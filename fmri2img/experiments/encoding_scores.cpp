#include "fmri2img/experiments/encoding_scores.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/experiments/noise_ceiling.h"
#include "fmri2img/experiments/resampled_correlations.h"
#include "fmri2img/findings/grouped_bars.h"
#include "fmri2img/reconstruction/tables.h"
#include "fmri2img/statistics/bootstrap.h"
#include "fmri2img/statistics/correlation.h"
#include "fmri2img/statistics/interval_text.h"

namespace fmri2img::experiments {
namespace {

using reconstruction::csv_line;
using reconstruction::csv_number;

constexpr int64_t kMostPoints = 1500;  // of a chart: more make one blot
constexpr int64_t kBins = 10;
constexpr int64_t kResamples = 1000;
constexpr uint64_t kResamplingSeed = 42;

using statistics::Interval;

/// Means over a region's vertices, or over all of them.
struct RegionLine {
  std::string roi, hemisphere;
  int64_t vertices = 0;
  double ceiling = 0;
  Interval correlation, normalised;
};

/// Around `mean`; `resampled` [R] holds the same figure of every draw of pictures.
Interval interval_around(double mean, const at::Tensor& resampled) {
  const at::Tensor ends = at::quantile(resampled.to(at::kDouble), at::tensor({0.025, 0.975}, at::kDouble));
  const double surplus = resampled.mean().item<double>() - mean;
  return {mean, ends[0].item<double>() - surplus, ends[1].item<double>() - surplus};
}

RegionLine region_line(const EncodingScores& scores,
                       const std::string& roi,
                       const std::string& hemisphere,
                       const at::Tensor& vertices) {
  const auto mean = [&](const at::Tensor& values) { return values.index_select(0, vertices).mean().item<double>(); };
  const at::Tensor resampled = scores.resampled_correlations.index_select(1, vertices);
  std::vector<at::Tensor> normalised;
  for (const at::Tensor& draw : resampled.unbind(0)) {
    normalised.push_back(normalised_scores(draw.to(at::kDouble), scores.ceilings.index_select(0, vertices)).mean());
  }
  return {roi,
          hemisphere,
          vertices.size(0),
          mean(scores.ceilings),
          interval_around(mean(scores.correlations), resampled.to(at::kDouble).mean(1)),
          interval_around(mean(scores.normalised), at::stack(normalised))};
}

std::vector<RegionLine> region_lines(const EncodingScores& scores, const std::vector<RoiPart>& parts) {
  std::vector<RegionLine> lines{
      region_line(scores, "all vertices", "both", at::arange(scores.ceilings.size(0), at::kLong))};
  for (const RoiPart& part : parts) {
    lines.push_back(region_line(scores, part.roi, part.hemisphere, at::tensor(part.positions, at::kLong)));
  }
  return lines;
}

findings::FindingTable region_table(const std::vector<RegionLine>& lines) {
  findings::FindingTable table{
      "Means over vertices",
      {"region", "hemisphere", "vertices", "noise ceiling", "correlation", "normalised score (per cent)"},
      {}};
  for (const RegionLine& line : lines) {
    table.rows.push_back({line.roi,
                          line.hemisphere,
                          format_count(line.vertices),
                          fmt::format("{:.3f}", line.ceiling),
                          statistics::interval_text(line.correlation, "{:.3f}"),
                          statistics::interval_text(line.normalised, "{:.1f}")});
  }
  return table;
}

findings::Chart region_chart(const std::vector<RegionLine>& lines) {
  findings::Chart chart{.id = "normalised-score-by-region",
                        .title = "Share of the explainable variance that is explained",
                        .kind = findings::ChartKind::kBars,
                        .x_label = "region",
                        .y_label = "normalised score (per cent)"};
  std::vector<findings::GroupedBar> bars;
  for (const RegionLine& line : lines) {
    bars.push_back(
        {line.roi, line.hemisphere, line.normalised.mean, std::pair(line.normalised.low, line.normalised.high)});
  }
  chart.series = findings::grouped_bars(bars, std::array{"both", "left", "right"});
  return chart;
}

/// Explained variance against what can be explained; the diagonal is a perfect model.
findings::Chart vertex_chart(const EncodingScores& scores) {
  findings::Chart chart{.id = "explained-by-ceiling",
                        .title = "Explained variance of each vertex and its noise ceiling",
                        .kind = findings::ChartKind::kPoints,
                        .x_label = "noise ceiling (share of the variance)",
                        .y_label = "squared correlation"};
  const int64_t all = scores.ceilings.size(0), count = std::min(all, kMostPoints);
  findings::ChartSeries series{.name = "vertices"};
  for (int64_t i = 0; i < count; ++i) {
    const int64_t vertex = i * all / count;
    const double correlation = std::max(0.0, scores.correlations[vertex].item<double>());
    series.x.push_back(scores.ceilings[vertex].item<double>());
    series.y.push_back(correlation * correlation);
    series.labels.push_back(fmt::format("vertex {}", vertex));
  }
  chart.series.push_back(std::move(series));
  return chart;
}

findings::Chart ceiling_chart(const EncodingScores& scores) {
  findings::Chart chart{.id = "noise-ceilings",
                        .title = "Noise ceilings of the vertices",
                        .kind = findings::ChartKind::kBars,
                        .x_label = "noise ceiling (share of the variance)",
                        .y_label = "vertices"};
  std::array<int64_t, kBins> bins{};
  for (int64_t i = 0; i < scores.ceilings.size(0); ++i) {
    const auto bin = static_cast<int64_t>(scores.ceilings[i].item<double>() * kBins);
    ++bins[static_cast<size_t>(std::clamp<int64_t>(bin, 0, kBins - 1))];
  }
  findings::ChartSeries series{.name = "vertices"};
  for (int64_t i = 0; i < kBins; ++i) {
    series.x.push_back(static_cast<double>(i) / kBins);
    series.y.push_back(static_cast<double>(bins[static_cast<size_t>(i)]));
    series.labels.push_back(
        fmt::format("{:.1f}–{:.1f}", static_cast<double>(i) / kBins, static_cast<double>(i + 1) / kBins));
  }
  chart.series.push_back(std::move(series));
  return chart;
}

std::string hemisphere_of(int64_t vertex, const EncodingSetting& setting) {
  if (setting.hemisphere.size() < 2) return "both";
  return vertex < setting.hemisphere.front() ? "left" : "right";
}

}  // namespace

EncodingScores score_encoding(const reconstruction::EncodingModel& model,
                              const at::Tensor& embeddings,
                              const at::Tensor& responses,
                              const at::Tensor& ceilings) {
  FMRI2IMG_CHECK_USAGE(
      embeddings.size(0) >= 3, "{} pictures are too few to correlate over: name more --trials", embeddings.size(0));
  const at::NoGradGuard no_gradients;
  const at::Tensor columns = at::tensor(model.columns(), at::kLong);
  const at::Tensor predicted = model.predict(embeddings);
  const at::Tensor measured = responses.index_select(1, columns);
  const at::Tensor found = statistics::pearson_rows(predicted.t().contiguous(), measured.t().contiguous());
  const at::Tensor resampled = resampled_correlations(predicted, measured, kResamples, kResamplingSeed);
  EncodingScores scores;
  scores.ceilings = ceilings;
  scores.correlations = at::zeros_like(ceilings).index_copy_(0, columns, at::nan_to_num(found, 0.0));
  scores.normalised = normalised_scores(scores.correlations, ceilings);
  scores.resampled_correlations = at::zeros({kResamples, ceilings.size(0)}).index_copy_(1, columns, resampled);
  return scores;
}

std::string vertices_csv(const EncodingScores& scores, const EncodingSetting& setting) {
  std::string text = "vertex,hemisphere,ceiling,correlation,normalised_score\n";
  for (int64_t i = 0; i < scores.ceilings.size(0); ++i) {
    text += csv_line({std::to_string(i),
                      hemisphere_of(i, setting),
                      csv_number(scores.ceilings[i].item<double>()),
                      csv_number(scores.correlations[i].item<double>()),
                      csv_number(scores.normalised[i].item<double>())});
  }
  return text;
}

std::string regions_csv(const EncodingScores& scores, const std::vector<RoiPart>& parts) {
  std::string text =
      "roi,hemisphere,vertices,ceiling,correlation,normalised_score,correlation_low,correlation_high,"
      "normalised_score_low,normalised_score_high\n";
  for (const RegionLine& line : region_lines(scores, parts)) {
    text += csv_line({line.roi,
                      line.hemisphere,
                      std::to_string(line.vertices),
                      csv_number(line.ceiling),
                      csv_number(line.correlation.mean),
                      csv_number(line.normalised.mean),
                      csv_number(line.correlation.low),
                      csv_number(line.correlation.high),
                      csv_number(line.normalised.low),
                      csv_number(line.normalised.high)});
  }
  return text;
}

findings::Finding noise_ceiling_finding(const EncodingScores& scores,
                                        const std::vector<RoiPart>& parts,
                                        const EncodingSetting& setting) {
  const std::vector<RegionLine> lines = region_lines(scores, parts);
  findings::Finding finding;
  finding.id = "noise-ceiling";
  finding.title = "Noise ceilings, and an encoding model beside them";
  finding.lead = fmt::format(
      "A ridge from CLIP's image embeddings to every vertex, fitted on {} pictures, predicts the responses to {} {}; "
      "its squared correlations are divided by noise ceilings from {}.",
      format_count(setting.training_pictures),
      format_count(setting.pictures),
      setting.rows,
      setting.ceilings);
  finding.tables.push_back(region_table(lines));
  finding.charts = {ceiling_chart(scores), vertex_chart(scores), region_chart(lines)};
  finding.notes = {
      "Normalised score of a vertex: r^2 / ceiling x 100, negative r as 0, at most 100, as the Algonauts 2023 "
      "challenge scores; its published figures are means over all vertices of eight subjects' withheld test rows.",
      "Intervals: 95 %, bootstrap over the predicted pictures; vertices and ceilings are fixed, so they say nothing "
      "about other subjects.",
      "With few pictures r^2 is positive by chance, by about 1 / pictures, and vertices of a low ceiling magnify it."};
  const int64_t all = scores.ceilings.size(0);
  if (all > kMostPoints) {
    finding.notes.push_back(fmt::format(
        "The chart of vertices shows {} of {}, evenly spaced.", format_count(kMostPoints), format_count(all)));
  }
  return finding;
}

}  // namespace fmri2img::experiments
