#include "fmri2img/experiments/data_scaling.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/core/random.h"
#include "fmri2img/core/text.h"
#include "fmri2img/experiments/error_summary.h"
#include "fmri2img/reconstruction/tables.h"

namespace fmri2img::experiments {
namespace {

using reconstruction::csv_line;
using reconstruction::csv_number;

findings::FindingTable scaling_table(const std::vector<ScalingResult>& results,
                                     const statistics::Interval& baseline,
                                     uint64_t seed) {
  findings::FindingTable table{
      "Error on the same held-out rows",
      {"decoder", "training pictures", "mean absolute error [95 %]", "of the mean latents' error"},
      {}};
  for (const ScalingResult& result : results) {
    const statistics::Interval error = summarise_rows(result.errors.values, seed);
    table.rows.push_back({result.decoder,
                          format_count(result.pictures),
                          show(error),
                          fmt::format("{:.1f} %", 100 * error.mean / baseline.mean)});
  }
  table.rows.push_back({"mean latents", "all", show(baseline), "100.0 %"});
  return table;
}

findings::Chart scaling_chart(const std::vector<ScalingResult>& results,
                              const statistics::Interval& baseline,
                              uint64_t seed) {
  findings::Chart chart{.id = "error-by-pictures",
                        .title = "Error by number of training pictures",
                        .kind = findings::ChartKind::kLines,
                        .x_label = "training pictures",
                        .y_label = "mean absolute error of the latents"};
  for (const ScalingResult& result : results) {
    if (chart.series.empty() || chart.series.back().name != result.decoder)
      chart.series.push_back({.name = result.decoder});
    findings::ChartSeries& series = chart.series.back();
    const statistics::Interval error = summarise_rows(result.errors.values, seed);
    series.x.push_back(static_cast<double>(result.pictures));
    series.y.push_back(error.mean);
    series.low.push_back(error.low);
    series.high.push_back(error.high);
  }
  const std::vector<double> ends{chart.series.front().x.front(), chart.series.front().x.back()};
  chart.series.push_back({.name = "mean latents of all pictures", .x = ends, .y = {baseline.mean, baseline.mean}});
  return chart;
}

}  // namespace

std::vector<int64_t> scaling_sizes(int64_t pool, int64_t halvings, int64_t fewest) {
  FMRI2IMG_ASSERT(pool >= 1 && halvings >= 0);
  std::vector<int64_t> sizes{pool};
  for (int64_t size = pool / 2, i = 0; i < halvings && size >= fewest; size /= 2, ++i) sizes.push_back(size);
  std::reverse(sizes.begin(), sizes.end());
  return sizes;
}

std::vector<int64_t> nested_order(const std::vector<int64_t>& pool, uint64_t seed) {
  const at::Tensor order = at::randperm(static_cast<int64_t>(pool.size()), make_generator(seed));
  std::vector<int64_t> rows;
  for (int64_t i = 0; i < order.numel(); ++i) rows.push_back(pool[static_cast<size_t>(order[i].item<int64_t>())]);
  return rows;
}

std::string scaling_csv(const std::vector<ScalingResult>& results, uint64_t seed) {
  std::string text = "decoder,pictures,held_out_rows,error,low,high\n";
  for (const ScalingResult& result : results) {
    const statistics::Interval error = summarise_rows(result.errors.values, seed);
    text += csv_line({result.decoder,
                      std::to_string(result.pictures),
                      std::to_string(result.errors.rows.size()),
                      csv_number(error.mean),
                      csv_number(error.low),
                      csv_number(error.high)});
  }
  return text;
}

findings::Finding scaling_finding(const std::vector<ScalingResult>& results, const RowValues& baseline, uint64_t seed) {
  FMRI2IMG_ASSERT(!results.empty());
  const statistics::Interval mean = summarise_rows(baseline.values, seed);
  findings::Finding finding;
  finding.id = "data-scaling";
  finding.title = "Error by number of training pictures";
  finding.lead = fmt::format(
      "Decoders trained on growing parts of the same pictures, each scored on the same {} held-out rows that none was "
      "trained on.",
      format_count(static_cast<int64_t>(results.front().errors.rows.size())));
  finding.tables.push_back(scaling_table(results, mean, seed));
  finding.charts.push_back(scaling_chart(results, mean, seed));
  finding.notes = {
      "A larger number contains every smaller one's pictures: points of one line are not independent. Intervals are 95 "
      "% bootstrap intervals over the held-out rows, for one draw of the training pictures."};
  if (const auto mlp = std::ranges::find(results, "mlp", &ScalingResult::decoder); mlp != results.end()) {
    finding.notes.push_back(
        fmt::format("An mlp fits 70 % of its pictures for {} epochs and chooses one of these on the others; ridge fits "
                    "all of them. "
                    "Ridge minimises the squared error, the mlp the absolute error that is shown.",
                    mlp->epochs));
  }
  return finding;
}

}  // namespace fmri2img::experiments
