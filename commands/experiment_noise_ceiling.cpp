#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <optional>
#include <CLI/CLI.hpp>

#include "fmri2img/core/check.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/rows.h"
#include "fmri2img/experiments/decoder_rows.h"
#include "fmri2img/experiments/encoding_scores.h"
#include "fmri2img/experiments/noise_ceiling.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/io/variable.h"
#include "fmri2img/model_checks/zoo_hashes.h"
#include "fmri2img/models/image_embedder.h"
#include "fmri2img/reconstruction/trials.h"
#include "fmri2img/reconstruction/voting/picture_embeddings.h"
#include "commands/common_options.h"
#include "commands/experiment_kinds.h"
#include "commands/experiment_output.h"

namespace fmri2img::commands {
namespace {

using data::Partition;

/// Rows that are predicted, and those that the model learns from.
struct EncodingRows {
  reconstruction::Trials scored;
  std::vector<int64_t> fitted;
};

class NoiseCeilingCommand {
 public:
  void usage(CLI::App& app) {
    app.add_option("SUBJECT", subject_, "Subject folder")->required();
    app.add_option("--clip", clip_, "Folder or file of CLIP (default: of --zoo)");
    app.add_option("--zoo", zoo_, "Folder with clip/");
    CLI::Option* given = app.add_option(
        "--ceilings",
        ceilings_,
        "Folder with lh_noise_ceiling.npy and rh_noise_ceiling.npy (default: the subject's test_split/noise_ceiling)");
    app.add_option("--repeats",
                   repeats_,
                   "Repeated measurements to make ceilings from: FILE[:VARIABLE], pictures x repeats x vertices, NaN "
                   "where a picture was shown less often")
        ->excludes(given);
    app.add_option("--trials", trials_, "Rows to predict: test, test:A:B, or rows of the training split")
        ->capture_default_str();
    app.add_option("--train-rows", train_rows_, "Rows to fit the model on (default: all that are not predicted)");
    app.add_option("--pictures", pictures_, "Most pictures to fit on, evenly spaced: embedding them takes the time")
        ->check(CLI::Range(10, 1000000))
        ->capture_default_str();
    add_dtype(app, dtype_, "CLIP's products");
    output_.add_to(app, "tables and charts");
    compute_.add_to(app);
    app.footer("Example: fmri2img experiment noise-ceiling subj01 --zoo zoo --out noise-ceiling");
  }

  void run() {
    compute_.apply();
    const std::filesystem::path clip = clip_folder();
    model_checks::require_unaltered(clip);
    const data::Subject subject = data::Subject::open(subject_);
    const EncodingRows rows = choose_rows(subject);
    const at::Tensor ceilings = read_all_ceilings(subject);
    Manifest manifest = experiment_manifest("noise-ceiling", subject, {}, settings(rows, ceilings));
    manifest.models[std::filesystem::weakly_canonical(clip).string()] = fingerprint_model(clip);
    OutputFolder folder(output_.out, std::move(manifest), output_.policy());
    if (show_finished_experiment(folder)) return;
    const auto open = [&] {
      return models::open_image_embedder(clip, parse_dtype(dtype_, compute_.torch_device()), compute_.torch_device());
    };
    const at::Tensor fitted = embed(subject.pictures(Partition::kTrain), rows.fitted, open, folder / "fitted.npy");
    const at::Tensor scored =
        embed(subject.pictures(rows.scored.partition), rows.scored.rows, open, folder / "scored.npy");
    report(subject, rows, ceilings, fit(subject, rows.fitted, fitted), scored, folder);
  }

 private:
  std::filesystem::path clip_folder() const {
    FMRI2IMG_CHECK_USAGE(!clip_.empty() || !zoo_.empty(),
                         "the encoding model needs CLIP: give its folder with --clip, or --zoo DIR with clip/");
    return clip_.empty() ? std::filesystem::path(zoo_) / "clip" : std::filesystem::path(clip_);
  }

  EncodingRows choose_rows(const data::Subject& subject) const {
    EncodingRows rows;
    FMRI2IMG_CHECK_USAGE(trials_ != "train" && trials_ != "validation" && trials_ != "held-out",
                         "--trials {}: there is no decoder here whose rows these are: name test or rows such as 0:500",
                         trials_);
    FMRI2IMG_CHECK_USAGE(!trials_.starts_with("test") || subject.has_responses(Partition::kTest),
                         "--trials {}: \"{}\" has no test responses (the challenge withholds them): name rows of the "
                         "training split, such as --trials 0:500",
                         trials_,
                         subject_);
    rows.scored = reconstruction::select_trials(trials_, subject, {});
    const int64_t count = subject.responses(Partition::kTrain).rows();
    rows.fitted = train_rows_.empty() ? data::all_rows(count) : data::parse_rows(train_rows_, count, "--train-rows");
    if (rows.scored.partition == Partition::kTrain) keep_apart(rows);
    const auto all = static_cast<int64_t>(rows.fitted.size()), kept = std::min(all, pictures_);
    for (int64_t i = 0; i < kept; ++i)
      rows.fitted[static_cast<size_t>(i)] = rows.fitted[static_cast<size_t>(i * all / kept)];
    rows.fitted.resize(static_cast<size_t>(kept));
    FMRI2IMG_CHECK_USAGE(kept >= 10, "{} rows are too few to fit an encoding model on: at least 10 are needed", kept);
    return rows;
  }

  void keep_apart(EncodingRows& rows) const {
    const std::vector<int64_t>& scored = rows.scored.rows;
    std::vector<int64_t> rest;
    std::set_difference(rows.fitted.begin(), rows.fitted.end(), scored.begin(), scored.end(), std::back_inserter(rest));
    FMRI2IMG_CHECK_USAGE(train_rows_.empty() || rest.size() == rows.fitted.size(),
                         "--train-rows {} and --trials {} share rows: a model must not predict what it was fitted on",
                         train_rows_,
                         trials_);
    rows.fitted = std::move(rest);
  }

  std::filesystem::path ceilings_folder(const data::Subject& subject) const {
    return ceilings_.empty() ? subject.path() / "test_split" / "noise_ceiling" : std::filesystem::path(ceilings_);
  }

  at::Tensor read_all_ceilings(const data::Subject& subject) const {
    if (repeats_.empty()) return experiments::read_ceilings(ceilings_folder(subject), subject);
    const experiments::RepeatStatistics found = experiments::repeat_statistics(io::read_variable(repeats_));
    FMRI2IMG_CHECK(found.ncsnr.size(0) == subject.num_vertices(),
                   "--repeats {} has {} vertices, the subject has {}",
                   repeats_,
                   format_count(found.ncsnr.size(0)),
                   format_count(subject.num_vertices()));
    return experiments::noise_ceiling(found.ncsnr, found.inverse_trials);
  }

  Json settings(const EncodingRows& rows, const at::Tensor& ceilings) const {
    const at::Tensor values = ceilings.contiguous();
    const std::span<const double> numbers(values.const_data_ptr<double>(), static_cast<size_t>(values.numel()));
    return {{"trials", trials_},
            {"fitted", sha256(data::format_rows(rows.fitted))},
            {"ceilings", sha256(std::as_bytes(numbers))},
            {"dtype", dtype_}};
  }

  static at::Tensor embed(const data::Pictures& pictures,
                          const std::vector<int64_t>& rows,
                          const std::function<std::unique_ptr<models::ImageEmbedder>()>& open,
                          const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) {
      Progress progress("embedding pictures", "pictures", static_cast<int64_t>(rows.size()));
      const auto advance = [&](int64_t done) { progress.advance(done); };
      reconstruction::write_picture_embeddings(pictures, rows, open, file, advance, experiments::kExperimentResume);
    }
    return io::read_npy(file);
  }

  static reconstruction::EncodingModel fit(const data::Subject& subject,
                                           const std::vector<int64_t>& rows,
                                           const at::Tensor& embeddings) {
    const std::vector<int64_t> columns = data::all_rows(subject.num_vertices());
    return reconstruction::EncodingModel::fit(
        embeddings, subject.responses(Partition::kTrain).gather(rows, columns), columns);
  }

  void report(const data::Subject& subject,
              const EncodingRows& rows,
              const at::Tensor& ceilings,
              const reconstruction::EncodingModel& model,
              const at::Tensor& embeddings,
              OutputFolder& folder) const {
    const std::vector<int64_t> columns = data::all_rows(subject.num_vertices());
    const at::Tensor responses = subject.responses(rows.scored.partition).gather(rows.scored.rows, columns);
    const experiments::EncodingScores scores = experiments::score_encoding(model, embeddings, responses, ceilings);
    const experiments::EncodingSetting setting{
        .training_pictures = static_cast<int64_t>(rows.fitted.size()),
        .pictures = static_cast<int64_t>(rows.scored.rows.size()),
        .rows = rows.scored.partition == Partition::kTest ? "test rows" : "rows of the training split, not fitted",
        .ceilings = repeats_.empty() ? "\"" + ceilings_folder(subject).string() + "\"" : "repeated measurements",
        .hemisphere = subject.responses(Partition::kTrain).vertices_of_files()};
    std::vector<experiments::RoiPart> parts;
    if (!subject.rois().names().empty()) parts = experiments::roi_parts(subject, columns, {});
    finish_experiment(folder,
                      experiments::noise_ceiling_finding(scores, parts, setting),
                      {{"vertices.csv", experiments::vertices_csv(scores, setting)},
                       {"regions.csv", experiments::regions_csv(scores, parts)}});
  }

  std::string subject_, clip_, zoo_, ceilings_, repeats_, train_rows_;
  std::string trials_ = "test";
  int64_t pictures_ = 2000;
  std::string dtype_ = "fp32";
  OutputOptions output_;
  ComputeOptions compute_;
};

}  // namespace

Command experiment_noise_ceiling() {
  return make_command<NoiseCeilingCommand>(
      "noise-ceiling", "Noise ceilings of the vertices, and an encoding model's scores beside them");
}

}  // namespace fmri2img::commands
