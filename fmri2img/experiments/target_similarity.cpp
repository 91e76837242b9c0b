#include "fmri2img/experiments/target_similarity.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/memory.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/rows.h"
#include "fmri2img/experiments/decoder_rows.h"
#include "fmri2img/experiments/error_summary.h"
#include "fmri2img/experiments/published.h"
#include "fmri2img/io/image.h"
#include "fmri2img/reconstruction/reconstruct.h"
#include "fmri2img/reconstruction/tables.h"
#include "fmri2img/reconstruction/voting/embeddings.h"

namespace fmri2img::experiments {
namespace {

namespace fs = std::filesystem;
using reconstruction::csv_line;
using reconstruction::csv_number;
using reconstruction::Member;

std::string short_name(const std::string& part) {
  return part.substr(0, part.find(' '));
}

fs::path decoded_target(const fs::path& folder, int64_t row) {
  return folder / "targets" / fmt::format("latents_{}.png", row);
}

fs::path run_folder(const fs::path& folder, const Member& member, const DecoderPart& part) {
  return folder / "runs" / fmt::format("{}_{}", member.name, short_name(part.name));
}

reconstruction::ReconstructionJob run_of(const SimilarityJob& job, const Member& member, const DecoderPart& part) {
  reconstruction::ReconstructionJob run = job.run;
  run.members = {member};
  run.trials = {data::Partition::kTrain, part.rows};
  std::sort(run.trials.rows.begin(), run.trials.rows.end());
  run.trials_text = data::format_rows(run.trials.rows);
  return run;
}

/// Decodes the stored latents of `rows` whose picture is not there yet, as the low-level pictures are made: times 255,
/// truncated.
void decode_targets(const SimilarityJob& job,
                    const Member& member,
                    const std::vector<int64_t>& rows,
                    const fs::path& folder) {
  std::vector<int64_t> todo;
  for (const int64_t row : rows) {
    if (!fs::exists(decoded_target(folder, row))) todo.push_back(row);
  }
  if (todo.empty()) return;
  const at::NoGradGuard no_gradients;
  const auto codec = job.run.open.codec(member.record.codec);
  const at::Tensor latents =
      decoder_targets(job.run.subject, member.record, data::Partition::kTrain, todo, std::nullopt);
  Progress progress("decoding the targets' latents", "pictures", static_cast<int64_t>(todo.size()));
  for (size_t i = 0; i < todo.size(); ++i) {
    stop_if_interrupted(kExperimentResume);
    const at::Tensor picture = codec->decode(latents.narrow(0, static_cast<int64_t>(i), 1)).squeeze(0);
    io::write_png(decoded_target(folder, todo[i]),
                  picture.mul(255).clamp(0, 255).to(at::kByte).permute({1, 2, 0}).contiguous());
    progress.advance();
  }
}

/// Cosines of one run's images with their targets, in the order of its trials.
RowValues measure_run(const SimilarityJob& job,
                      const std::vector<int64_t>& rows,
                      const fs::path& run,
                      const fs::path& folder) {
  RowValues table{rows, {}};
  const bool latents = job.target == SimilarityTarget::kLatents;
  const auto embedder = latents ? job.run.open.embedder() : nullptr;
  for (const int64_t row : rows) {
    stop_if_interrupted(kExperimentResume);
    auto embeddings = reconstruction::read_embeddings(run / reconstruction::embeddings_file(row), 1);
    if (latents) {
      const std::vector<at::Tensor> pictures{io::read_image(decoded_target(folder, row))};
      embeddings.target = embedder->embed(pictures)[0];
    }
    FMRI2IMG_CHECK(embeddings.target.defined(), "row {} has no picture to compare with", row);
    table.values.push_back(reconstruction::cosines_of(embeddings).high_target.front());
  }
  return table;
}

void make_part(const SimilarityJob& job,
               const Member& member,
               const DecoderPart& part,
               const fs::path& folder,
               const fs::path& file) {
  const fs::path run = run_folder(folder, member, part);
  fs::create_directories(run);
  const reconstruction::ReconstructionJob guided = run_of(job, member, part);
  reconstruction::reconstruct(guided, run);
  if (job.target == SimilarityTarget::kLatents) decode_targets(job, member, guided.trials.rows, folder);
  release_freed_memory();
  write_row_values(file, "similarity", measure_run(job, guided.trials.rows, run, folder));
  release_freed_memory();
}

findings::FindingTable similarity_table(const std::vector<PartValues>& parts, uint64_t seed) {
  findings::FindingTable table{
      "CLIP similarity of the high-level image to its target, by what the rows were to the decoder",
      {"decoder", "rows", "number", "mean cosine [95 %]"},
      {}};
  for (const PartValues& part : parts) {
    table.rows.push_back({part.decoder,
                          part.part,
                          format_count(static_cast<int64_t>(part.measured.rows.size())),
                          show(summarise_rows(part.measured.values, seed))});
  }
  return table;
}

findings::Chart similarity_chart(const std::vector<PartValues>& parts, uint64_t seed) {
  findings::Chart chart{.id = "similarity-by-decoder",
                        .title = "Similarity of the high-level images to their targets",
                        .kind = findings::ChartKind::kBars,
                        .x_label = "decoder",
                        .y_label = "mean CLIP cosine"};
  chart.series = part_bars(parts, seed);
  return chart;
}

}  // namespace

void check_similarity_job(const SimilarityJob& job) {
  FMRI2IMG_ASSERT(job.run.guided && !job.members.empty() && job.count >= 1);
  job.run.subject.pictures(data::Partition::kTrain);
  for (const Member& member : job.members) {
    if (job.target == SimilarityTarget::kPicture || member.record.codec == job.members.front().record.codec) continue;
    fail(ErrorKind::kMismatch,
         "the decoders \"{}\" and \"{}\" are of different codecs, whose decoded latents do not compare: run the "
         "experiment for each, or compare with the pictures (--target picture)",
         job.members.front().name,
         member.name);
  }
}

std::vector<PartValues> target_similarities(const SimilarityJob& job, const fs::path& folder) {
  check_similarity_job(job);
  for (const char* name : {"rows", "runs", "targets"}) fs::create_directories(folder / name);
  std::vector<PartValues> results;
  for (const Member& member : job.members) {
    for (const DecoderPart& part : parts_of(member.record, job.count)) {
      const fs::path file = folder / "rows" / fmt::format("{}_{}.csv", member.name, short_name(part.name));
      if (!fs::exists(file)) make_part(job, member, part, folder, file);
      results.push_back({member.name, part.name, read_row_values(file)});
    }
  }
  return results;
}

std::string similarities_csv(const std::vector<PartValues>& parts, uint64_t seed) {
  std::string text = "decoder,part,rows,similarity,low,high\n";
  for (const PartValues& part : parts) {
    const statistics::Interval mean = summarise_rows(part.measured.values, seed);
    text += csv_line({part.decoder,
                      part.part,
                      std::to_string(part.measured.rows.size()),
                      csv_number(mean.mean),
                      csv_number(mean.low),
                      csv_number(mean.high)});
  }
  return text;
}

findings::Finding similarities_finding(const std::vector<PartValues>& parts, SimilarityTarget target, uint64_t seed) {
  findings::Finding finding;
  finding.id = "experiment-3";
  finding.title = "Experiment 3: similarity of the high-level images";
  finding.lead = fmt::format(
      "Cosine of CLIP's image embeddings of each high-level image and {}, on the first rows of each part of each "
      "decoder's own split.",
      target == SimilarityTarget::kLatents ? "the codec's decode of the picture's stored latents, as published"
                                           : "the picture itself");
  finding.tables = {similarity_table(parts, seed), published_similarities()};
  finding.charts.push_back(similarity_chart(parts, seed));
  finding.notes = {
      "Training rows are scored by definition of this experiment: the decoder was fitted to them.",
      "Intervals are 95 % bootstrap intervals over rows. CLIP's cosines of any two photographs are well above zero: "
      "compare them with each other, not with 0 and 1."};
  if (target == SimilarityTarget::kPicture) {
    finding.notes.emplace_back("Published figures compare with decoded latents; those here compare with the pictures.");
  }
  return finding;
}

}  // namespace fmri2img::experiments
