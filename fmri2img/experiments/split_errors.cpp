#include "fmri2img/experiments/split_errors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/text.h"
#include "fmri2img/experiments/decoder_rows.h"
#include "fmri2img/experiments/error_summary.h"
#include "fmri2img/experiments/published.h"
#include "fmri2img/reconstruction/tables.h"

namespace fmri2img::experiments {
namespace {

namespace fs = std::filesystem;
using reconstruction::csv_line;
using reconstruction::csv_number;
using reconstruction::Member;

// Responses and latents of so many rows of a full-size subject take some 200 MB.
constexpr int64_t kRowsInMemory = 512;

fs::path part_file(const fs::path& folder, const std::string& decoder, const std::string& part) {
  return folder / "rows" / fmt::format("{}_{}.csv", decoder, part.substr(0, part.find(' ')));
}

RowValues measure(const SplitErrorJob& job,
                  const Member& member,
                  decoding::LatentDecoder& decoder,
                  const std::vector<int64_t>& rows,
                  Progress& progress) {
  RowValues table{rows, {}};
  const auto count = static_cast<int64_t>(rows.size());
  for (int64_t first = 0; first < count; first += kRowsInMemory) {
    const int64_t end = std::min(first + kRowsInMemory, count);
    const std::vector<int64_t> part(rows.begin() + first, rows.begin() + end);
    const DecoderRows loaded =
        load_decoder_rows(job.subject, member.record, data::Partition::kTrain, part, std::nullopt);
    const std::vector<double> errors = row_errors(decoder, loaded.responses, loaded.latents);
    table.values.insert(table.values.end(), errors.begin(), errors.end());
    progress.advance(end - first, member.name);
  }
  return table;
}

struct Counts {
  int64_t rows = 0, done = 0;
};

Counts count_rows(const SplitErrorJob& job, const fs::path& folder) {
  Counts counts;
  for (const Member& member : job.members) {
    for (const DecoderPart& part : parts_of(member.record, job.count)) {
      const auto rows = static_cast<int64_t>(part.rows.size());
      counts.rows += rows;
      if (fs::exists(part_file(folder, member.name, part.name))) counts.done += rows;
    }
  }
  return counts;
}

bool has_part(const std::vector<PartValues>& parts, const std::string& name) {
  return std::any_of(parts.begin(), parts.end(), [&](const PartValues& part) { return part.part == name; });
}

findings::FindingTable error_table(const std::vector<PartValues>& parts, int64_t batch, uint64_t seed) {
  findings::FindingTable table{
      "Mean absolute error of the latents, by what the rows were to the decoder",
      {"decoder", "rows", "number", fmt::format("mean of batch means at {}", batch), "mean [95 %]"},
      {}};
  for (const PartValues& part : parts) {
    table.rows.push_back({part.decoder,
                          part.part,
                          format_count(static_cast<int64_t>(part.measured.rows.size())),
                          fmt::format("{:.4f}", mean_of_batch_means(part.measured.values, batch)),
                          show(summarise_rows(part.measured.values, seed))});
  }
  return table;
}

/// Decoders of which training rows alone could be scored.
std::vector<std::string> without_other_rows(const std::vector<PartValues>& parts) {
  std::vector<std::string> names;
  for (const PartValues& part : parts) {
    const auto of_same = [&](const PartValues& other) { return other.decoder == part.decoder; };
    if (std::count_if(parts.begin(), parts.end(), of_same) == 1) names.push_back(part.decoder);
  }
  return names;
}

findings::Chart error_chart(const std::vector<PartValues>& parts, uint64_t seed) {
  findings::Chart chart{.id = "error-by-decoder",
                        .title = "Error of every decoder on the parts of its own split",
                        .kind = findings::ChartKind::kBars,
                        .x_label = "decoder",
                        .y_label = "mean absolute error of the latents"};
  chart.series = part_bars(parts, seed);
  return chart;
}

}  // namespace

std::vector<PartValues> split_errors(const SplitErrorJob& job, const fs::path& folder) {
  fs::create_directories(folder / "rows");
  const Counts counts = count_rows(job, folder);
  Progress progress("scoring the decoders", "rows", counts.rows, counts.done);
  std::vector<PartValues> results;
  for (const Member& member : job.members) {
    std::unique_ptr<decoding::LatentDecoder> decoder;
    for (const DecoderPart& part : parts_of(member.record, job.count)) {
      const fs::path file = part_file(folder, member.name, part.name);
      if (!fs::exists(file)) {
        if (!decoder) decoder = decoding::load_decoder(member.folder);
        write_row_values(file, "error", measure(job, member, *decoder, part.rows, progress));
      }
      results.push_back({member.name, part.name, read_row_values(file)});
    }
  }
  return results;
}

std::string split_errors_csv(const std::vector<PartValues>& parts, int64_t batch, uint64_t seed) {
  std::string text = "decoder,part,rows,mean_of_batch_means,mean,low,high\n";
  for (const PartValues& part : parts) {
    const statistics::Interval mean = summarise_rows(part.measured.values, seed);
    text += csv_line({part.decoder,
                      part.part,
                      std::to_string(part.measured.rows.size()),
                      csv_number(mean_of_batch_means(part.measured.values, batch)),
                      csv_number(mean.mean),
                      csv_number(mean.low),
                      csv_number(mean.high)});
  }
  return text;
}

findings::Finding split_errors_finding(const std::vector<PartValues>& parts, int64_t batch, uint64_t seed) {
  findings::Finding finding;
  finding.id = "experiment-2";
  finding.title = "Experiment 2: error on training and validation rows";
  finding.lead = fmt::format(
      "Mean absolute error of the predicted latents on the rows of each decoder's own split; the mean of batch means "
      "at batch {}, as published, and the mean over rows with its 95 % bootstrap interval.",
      batch);
  finding.tables = {error_table(parts, batch, seed), published_errors()};
  finding.charts.push_back(error_chart(parts, seed));
  finding.notes.emplace_back(
      "Training rows are scored by definition of this experiment: the decoder was fitted to them, and their error says "
      "how far it has learnt them by heart, not how well it decodes.");
  finding.notes.emplace_back(
      "Where the last batch of a part is not full, its rows count for more in the mean of batch means.");
  if (has_part(parts, kValidationPart))
    finding.notes.emplace_back("Validation rows chose the epoch whose weights were kept.");
  if (parts.front().decoder != parts.back().decoder)
    finding.notes.emplace_back("Splits differ between decoders with different seeds.");
  if (const std::vector<std::string> names = without_other_rows(parts); !names.empty()) {
    finding.notes.push_back(
        fmt::format("Fitted to every row that they were given, so that there is nothing to compare with: {}. Train "
                    "with --hold-out.",
                    fmt::join(names, ", ")));
  }
  return finding;
}

}  // namespace fmri2img::experiments
