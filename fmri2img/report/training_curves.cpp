#include "fmri2img/report/training_curves.h"

#include <algorithm>
#include <iterator>

#include "fmri2img/io/csv.h"

namespace fmri2img::report {
namespace {

/// Means over equal stretches of what is longer than kMostCurvePoints.
void thin(findings::ChartSeries& series) {
  const auto size = std::ssize(series.x);
  if (size <= kMostCurvePoints) return;
  findings::ChartSeries thinned{.name = series.name};
  for (int64_t i = 0; i < kMostCurvePoints; ++i) {
    const int64_t first = i * size / kMostCurvePoints, last = (i + 1) * size / kMostCurvePoints;
    double x = 0, y = 0;
    for (int64_t k = first; k < last; ++k) {
      x += series.x[static_cast<size_t>(k)];
      y += series.y[static_cast<size_t>(k)];
    }
    thinned.x.push_back(x / static_cast<double>(last - first));
    thinned.y.push_back(y / static_cast<double>(last - first));
  }
  series = std::move(thinned);
}

findings::ChartSeries curve(const io::CsvTable& log, const std::string& column, const std::string& name) {
  findings::ChartSeries series{.name = name};
  if (std::ranges::find(log.columns, column) == log.columns.end()) return series;
  const size_t step = log.column("step"), value = log.column(column);
  for (const auto& row : log.rows) {
    const auto x = io::number_in(row[step]), y = io::number_in(row[value]);
    if (!x || !y) continue;
    series.x.push_back(*x);
    series.y.push_back(*y);
  }
  thin(series);
  return series;
}

}  // namespace

std::optional<findings::Chart> training_curves(const std::filesystem::path& decoder, const std::string& name) {
  const std::filesystem::path file = decoder / "log.csv";
  if (!exists(file)) return {};
  const io::CsvTable log = io::read_csv(file);
  findings::Chart chart{.id = "loss",
                        .title = "Loss while " + name + " was trained",
                        .x_label = "step",
                        .y_label = "mean absolute error of the latents"};
  // The log has a running mean, which begins anew with each epoch: unsaid, its jumps look like the decoder's.
  for (findings::ChartSeries series :
       {curve(log, "train/loss", "training, mean of the epoch so far"), curve(log, "val/loss", "validation")}) {
    if (!series.x.empty()) chart.series.push_back(std::move(series));
  }
  if (chart.series.empty()) return {};
  return chart;
}

}  // namespace fmri2img::report
