#include "fmri2img/experiments/training_grid.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/reconstruction/tables.h"

namespace fmri2img::experiments {
namespace {

using reconstruction::csv_line;
using reconstruction::csv_number;
using LossesOf = std::vector<double> LearningCurves::*;

std::string file_word(const std::string& expression) {
  std::string word;
  for (const char c : expression) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.';
    if (plain || (!word.empty() && word.back() != '-')) word += plain ? c : '-';
  }
  while (!word.empty() && word.back() == '-') word.pop_back();
  return word;
}

std::vector<std::string> distinct_rois(const std::vector<GridResult>& results) {
  std::vector<std::string> rois;
  for (const GridResult& result : results) {
    if (std::find(rois.begin(), rois.end(), result.cell.roi) == rois.end()) rois.push_back(result.cell.roi);
  }
  return rois;
}

std::vector<int64_t> distinct_batches(const std::vector<GridResult>& results) {
  std::vector<int64_t> batches;
  for (const GridResult& result : results) {
    if (std::find(batches.begin(), batches.end(), result.cell.batch) == batches.end())
      batches.push_back(result.cell.batch);
  }
  return batches;
}

findings::ChartSeries loss_series(const std::string& name, const std::vector<double>& losses) {
  findings::ChartSeries series{.name = name, .y = losses};
  for (size_t epoch = 1; epoch <= losses.size(); ++epoch) series.x.push_back(static_cast<double>(epoch));
  return series;
}

findings::Chart loss_chart(const std::string& id, const std::string& title) {
  return {.id = id,
          .title = title,
          .kind = findings::ChartKind::kLines,
          .x_label = "epoch",
          .y_label = "mean absolute error of the latents"};
}

/// One line a ROI set.
findings::Chart chart_of_batch(const std::vector<GridResult>& results,
                               int64_t batch,
                               const std::string& what,
                               LossesOf losses) {
  findings::Chart chart = loss_chart(fmt::format("{}-loss-batch-{}", what, batch),
                                     fmt::format("Batch {}: {} loss by ROI set", batch, what));
  for (const GridResult& result : results) {
    if (result.cell.batch == batch) chart.series.push_back(loss_series(result.cell.roi, result.curves.*losses));
  }
  return chart;
}

/// One line a batch size.
findings::Chart chart_of_roi(const std::vector<GridResult>& results, const std::string& roi) {
  findings::Chart chart = loss_chart(fmt::format("training-loss-{}", file_word(roi)),
                                     fmt::format("ROI set {}: training loss by batch", roi));
  for (const GridResult& result : results) {
    if (result.cell.roi != roi) continue;
    chart.series.push_back(loss_series(fmt::format("batch {}", result.cell.batch), result.curves.training));
  }
  return chart;
}

double lowest(const std::vector<double>& losses) {
  return *std::min_element(losses.begin(), losses.end());
}

findings::Chart best_chart(const std::vector<GridResult>& results) {
  findings::Chart chart{.id = "best-validation-loss",
                        .title = "Lowest validation loss by ROI set and batch",
                        .kind = findings::ChartKind::kBars,
                        .x_label = "ROI set",
                        .y_label = "mean absolute error of the latents"};
  const std::vector<std::string> rois = distinct_rois(results);
  for (const int64_t batch : distinct_batches(results)) {
    findings::ChartSeries series{.name = fmt::format("batch {}", batch)};
    for (const GridResult& result : results) {
      if (result.cell.batch != batch) continue;
      series.x.push_back(static_cast<double>(std::find(rois.begin(), rois.end(), result.cell.roi) - rois.begin()));
      series.y.push_back(lowest(result.curves.validation));
      series.labels.push_back(result.cell.roi);
    }
    chart.series.push_back(std::move(series));
  }
  return chart;
}

/// All on one scale: they are there to be compared.
std::vector<findings::Chart> loss_charts(const std::vector<GridResult>& results) {
  std::vector<findings::Chart> charts;
  for (const int64_t batch : distinct_batches(results)) {
    charts.push_back(chart_of_batch(results, batch, "validation", &LearningCurves::validation));
    charts.push_back(chart_of_batch(results, batch, "training", &LearningCurves::training));
  }
  for (const std::string& roi : distinct_rois(results)) charts.push_back(chart_of_roi(results, roi));
  std::vector<double> losses;
  for (const GridResult& result : results) {
    losses.insert(losses.end(), result.curves.training.begin(), result.curves.training.end());
    losses.insert(losses.end(), result.curves.validation.begin(), result.curves.validation.end());
  }
  const auto [low, high] = std::minmax_element(losses.begin(), losses.end());
  for (findings::Chart& chart : charts) chart.shared_y = {*low, *high};
  return charts;
}

findings::FindingTable grid_table(const std::vector<GridResult>& results) {
  findings::FindingTable table{"Losses of every decoder",
                               {"ROI set",
                                "batch",
                                "vertices",
                                "training rows, last epoch",
                                "validation rows, last epoch",
                                "validation rows, lowest",
                                "at epoch"},
                               {}};
  for (const GridResult& result : results) {
    const std::vector<double>& validation = result.curves.validation;
    const auto best = std::min_element(validation.begin(), validation.end());
    table.rows.push_back({result.cell.roi,
                          std::to_string(result.cell.batch),
                          format_count(result.vertices),
                          fmt::format("{:.4f}", result.curves.training.back()),
                          fmt::format("{:.4f}", validation.back()),
                          fmt::format("{:.4f}", *best),
                          std::to_string(best - validation.begin() + 1)});
  }
  return table;
}

}  // namespace

std::string GridCell::name() const {
  return fmt::format("{}-batch-{}", file_word(roi), batch);
}

std::vector<GridCell> make_grid(const std::vector<std::string>& rois, const std::vector<int64_t>& batches) {
  FMRI2IMG_CHECK_USAGE(!rois.empty() && !batches.empty(), "experiment 1 needs at least one --roi and one --batch");
  std::vector<GridCell> cells;
  std::set<std::string> names;
  for (const std::string& roi : rois) {
    for (const int64_t batch : batches) {
      cells.push_back({roi, batch});
      FMRI2IMG_CHECK_USAGE(
          names.insert(cells.back().name()).second,
          "--roi \"{}\" and --batch {} make the folder \"{}\", which another pair makes too: give each "
          "once",
          roi,
          batch,
          cells.back().name());
    }
  }
  return cells;
}

std::string grid_csv(const std::vector<GridResult>& results) {
  std::string text = "roi,batch,epoch,training_loss,validation_loss\n";
  for (const GridResult& result : results) {
    for (size_t epoch = 0; epoch < result.curves.training.size(); ++epoch) {
      text += csv_line({result.cell.roi,
                        std::to_string(result.cell.batch),
                        std::to_string(epoch + 1),
                        csv_number(result.curves.training[epoch]),
                        csv_number(result.curves.validation[epoch])});
    }
  }
  return text;
}

findings::Finding grid_finding(const std::vector<GridResult>& results, int64_t pictures, uint64_t seed) {
  FMRI2IMG_ASSERT(!results.empty());
  findings::Finding finding;
  finding.id = "experiment-1";
  finding.title = "Experiment 1: ROI sets and batch sizes";
  finding.lead = fmt::format(
      "{} decoders, one for each ROI set and batch size, {} epochs on {} pictures (70 % training, 30 % validation "
      "rows, seed {}).",
      results.size(),
      results.front().curves.training.size(),
      format_count(pictures),
      seed);
  finding.tables.push_back(grid_table(results));
  finding.charts = loss_charts(results);
  finding.charts.insert(finding.charts.begin(), best_chart(results));
  finding.notes = {
      "Training losses are means over an epoch's batches with dropout on, of rows that the decoder was fitted to; they "
      "are no measure of how well it decodes. Validation losses are with dropout off.",
      "The lowest validation loss chooses its epoch on the same rows: expect a little more on new pictures."};
  return finding;
}

}  // namespace fmri2img::experiments
