#include "fmri2img/experiments/roi_importance.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "fmri2img/core/check.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/random.h"
#include "fmri2img/core/text.h"
#include "fmri2img/experiments/error_summary.h"
#include "fmri2img/reconstruction/tables.h"
#include "fmri2img/statistics/interval_text.h"

namespace fmri2img::experiments {
namespace {

namespace fs = std::filesystem;
using reconstruction::csv_line;
using reconstruction::csv_number;

at::Tensor row_order(const ImportanceOptions& options, int64_t repeat, int64_t rows) {
  const uint64_t seed = splitmix64(options.seed ^ splitmix64(static_cast<uint64_t>(repeat)));
  return at::randperm(rows, make_generator(seed));
}

/// Mean change of each row's error over the repeats.
std::vector<double> change_without(const ImportanceJob& job, const RoiPart& part, const std::vector<double>& baseline) {
  const ImportanceOptions& options = job.options;
  const bool permute = options.how == Ablation::kPermute;
  const int64_t repeats = permute ? options.repeats : 1;
  std::vector<double> change(baseline.size(), 0);
  for (int64_t repeat = 0; repeat < repeats; ++repeat) {
    const at::Tensor& responses = job.rows.responses;
    const at::Tensor without =
        permute ? permute_columns(responses, part.positions, row_order(options, repeat, responses.size(0)))
                : replace_columns(responses, part.positions, job.training_mean);
    const std::vector<double> errors = row_errors(job.decoder, without, job.rows.latents);
    for (size_t i = 0; i < change.size(); ++i) change[i] += (errors[i] - baseline[i]) / static_cast<double>(repeats);
  }
  return change;
}

/// The values in a file, made by `measure` where it is not there.
template <class Measure>
RowValues kept_values(const fs::path& file, const std::vector<int64_t>& rows, Measure measure) {
  if (!fs::exists(file)) write_row_values(file, "error", {rows, measure()});
  return read_row_values(file);
}

/// Nothing where a decoder without error has nothing to be a share of.
std::optional<double> share_of(double change, double whole) {
  return whole > 0 ? std::optional(change / whole) : std::nullopt;
}

statistics::Interval summary(const PartImportance& part, uint64_t seed) {
  return summarise_rows(part.change.values, seed);
}

findings::FindingTable importance_table(const RoiImportance& importance, uint64_t seed) {
  const double whole = summarise_rows(importance.baseline.values, seed).mean;
  findings::FindingTable table{"Growth of the error without each region, largest first",
                               {"region", "hemisphere", "vertices", "change of the error [95 %]", "of the error"},
                               {}};
  std::vector<const PartImportance*> order;
  for (const PartImportance& part : importance.parts) order.push_back(&part);
  std::stable_sort(order.begin(), order.end(), [&](const PartImportance* a, const PartImportance* b) {
    return summary(*a, seed).mean > summary(*b, seed).mean;
  });
  for (const PartImportance* part : order) {
    const statistics::Interval change = summary(*part, seed);
    const std::optional<double> share = share_of(change.mean, whole);
    table.rows.push_back({part->part.roi,
                          part->part.hemisphere,
                          format_count(static_cast<int64_t>(part->part.positions.size())),
                          statistics::interval_text(change, "{:+.5f}"),
                          share ? fmt::format("{:+.2f} %", 100 * *share) : "-"});
  }
  return table;
}

findings::Chart importance_chart(const RoiImportance& importance, uint64_t seed) {
  findings::Chart chart{.id = "roi-importance",
                        .title = "Growth of the error without each region",
                        .kind = findings::ChartKind::kBars,
                        .x_label = "region",
                        .y_label = "change of the mean absolute error of the latents"};
  std::vector<std::string> rois;
  for (const PartImportance& part : importance.parts) {
    if (std::find(rois.begin(), rois.end(), part.part.roi) == rois.end()) rois.push_back(part.part.roi);
  }
  for (const char* hemisphere : {"both", "left", "right"}) {
    findings::ChartSeries series{.name = hemisphere};
    for (const PartImportance& part : importance.parts) {
      if (part.part.hemisphere != hemisphere) continue;
      const statistics::Interval change = summary(part, seed);
      series.x.push_back(static_cast<double>(std::find(rois.begin(), rois.end(), part.part.roi) - rois.begin()));
      series.y.push_back(change.mean);
      series.low.push_back(change.low);
      series.high.push_back(change.high);
      series.labels.push_back(part.part.roi);
    }
    if (!series.x.empty()) chart.series.push_back(std::move(series));
  }
  return chart;
}

}  // namespace

at::Tensor permute_columns(const at::Tensor& responses,
                           const std::vector<int64_t>& positions,
                           const at::Tensor& order) {
  const at::Tensor columns = at::tensor(positions, at::kLong);
  return responses.index_copy(1, columns, responses.index_select(1, columns).index_select(0, order));
}

at::Tensor replace_columns(const at::Tensor& responses,
                           const std::vector<int64_t>& positions,
                           const at::Tensor& values) {
  const at::Tensor columns = at::tensor(positions, at::kLong);
  const at::Tensor rows = values.index_select(0, columns).unsqueeze(0).expand({responses.size(0), columns.size(0)});
  return responses.index_copy(1, columns, rows.contiguous());
}

RoiImportance roi_importance(const ImportanceJob& job, const fs::path& folder) {
  FMRI2IMG_CHECK_USAGE(job.options.how == Ablation::kMean || job.row_numbers.size() >= 2,
                       "one row alone cannot be permuted: name more --trials, or leave regions out with --how mean");
  fs::create_directories(folder / "rows");
  const auto count = static_cast<int64_t>(job.parts.size());
  int64_t done = 0;
  const auto file_of = [&](const RoiPart& part) {
    return folder / "rows" / fmt::format("{}_{}.csv", part.roi, part.hemisphere);
  };
  for (const RoiPart& part : job.parts) done += fs::exists(file_of(part)) ? 1 : 0;
  Progress progress("taking regions away", "regions", count, done);
  RoiImportance importance;
  importance.baseline = kept_values(folder / "rows" / "baseline.csv", job.row_numbers, [&] {
    return row_errors(job.decoder, job.rows.responses, job.rows.latents);
  });
  for (const RoiPart& part : job.parts) {
    const bool there = fs::exists(file_of(part));
    importance.parts.push_back({part, kept_values(file_of(part), job.row_numbers, [&] {
                                  return change_without(job, part, importance.baseline.values);
                                })});
    if (!there) progress.advance(1, part.name());
  }
  return importance;
}

std::string importance_csv(const RoiImportance& importance, uint64_t seed) {
  const double whole = summarise_rows(importance.baseline.values, seed).mean;
  std::string text = "roi,hemisphere,vertices,change,low,high,relative_change\n";
  for (const PartImportance& part : importance.parts) {
    const statistics::Interval change = summary(part, seed);
    text += csv_line({part.part.roi,
                      part.part.hemisphere,
                      std::to_string(part.part.positions.size()),
                      csv_number(change.mean),
                      csv_number(change.low),
                      csv_number(change.high),
                      csv_number(share_of(change.mean, whole))});
  }
  return text;
}

findings::Finding importance_finding(const RoiImportance& importance, const ImportanceSetting& setting) {
  const ImportanceOptions& options = setting.options;
  const bool permute = options.how == Ablation::kPermute;
  findings::Finding finding;
  finding.id = "roi-importance";
  finding.title = "Importance of regions";
  finding.lead = fmt::format(
      "By how much the error of the decoder \"{}\" grows on {} {} when one region's responses are {}. With all regions "
      "it is {}.",
      setting.decoder,
      format_count(static_cast<int64_t>(importance.baseline.rows.size())),
      setting.rows,
      permute ? fmt::format("taken from other rows (mean of {} permutations, seed {})", options.repeats, options.seed)
              : std::string("set to their means over the training rows"),
      show(summarise_rows(importance.baseline.values, options.seed)));
  finding.tables.push_back(importance_table(importance, options.seed));
  finding.charts.push_back(importance_chart(importance, options.seed));
  finding.notes = {
      "Intervals are 95 % bootstrap intervals over rows; differences are taken within a row. With many regions, some "
      "intervals leave zero out by chance.",
      "Regions overlap, and what one of them knows others may know too: the changes do not add up, and a region of "
      "little importance here may still hold information."};
  if (!setting.absent.empty()) {
    finding.notes.push_back(
        fmt::format("Without a vertex among those that the decoder reads: {}.", fmt::join(setting.absent, ", ")));
  }
  return finding;
}

}  // namespace fmri2img::experiments
