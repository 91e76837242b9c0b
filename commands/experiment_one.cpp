#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>
#include <CLI/CLI.hpp>

#include "fmri2img/core/check.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/text.h"
#include "fmri2img/experiments/training_grid.h"
#include "commands/common_options.h"
#include "commands/experiment_kinds.h"
#include "commands/experiment_output.h"
#include "commands/train_decoder.h"
#include "commands/training_options.h"

namespace fmri2img::commands {
namespace {

namespace fs = std::filesystem;
using experiments::GridCell;

// The original's.
constexpr int64_t kPublishedPictures = 5000;
constexpr int64_t kPublishedEpochs = 50;

/// Tasks of a job array begin at one moment: another one may have made the folder and not yet its manifest.
OutputFolder open_shared_folder(const std::string& out, const Manifest& manifest) {
  constexpr int kAttempts = 20;
  for (int attempt = 1;; ++attempt) {
    const bool has_manifest = fs::exists(fs::path(out) / "manifest.json");
    try {
      return OutputFolder(out, manifest, {});
    } catch (const Error&) {
      if (has_manifest || attempt == kAttempts) throw;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(250));
  }
}

class ExperimentOne {
 public:
  ExperimentOne() {
    mlp_.training.options.epochs = kPublishedEpochs;
    mlp_.group = "Training";
  }

  void usage(CLI::App& app) {
    app.add_option("SUBJECT", data_.subject, "Subject folder")->required();
    app.add_option("--roi", rois_, "ROI sets or expressions to compare (default: set1 set2 set3 none)");
    app.add_option("--batch", batches_, "Batch sizes to compare (default: 16 32 64)")->check(positive());
    data_.add_rows_to(app);
    app.get_option("--train-rows")
        ->description("Rows of the training split to use (default: the first 5000, or all where there are fewer)");
    app.add_option("--seed", seed_, "Seed of weights and dropout")->check(not_negative())->capture_default_str();
    app.add_option("--task",
                   task_,
                   "Train the model of this number alone, 0 .. models - 1, as one task of a job array; when all have "
                   "ended, the same command without --task collects")
        ->check(not_negative());
    app.add_flag("--keep-checkpoints",
                 keep_checkpoints_,
                 "Keep the last and the best checkpoint of finished models (gigabytes each)");
    mlp_.add_all_but_batch_to(app);
    mlp_.add_sizes_to(app);
    output_.add_to(app, "models, tables and charts");
    compute_.add_to(app);
    app.footer(
        "Trains a decoder for each ROI set and batch size, one after the other; run it again with the same options to "
        "go on after an interruption.\n"
        "Example: fmri2img experiment 1 subj01 --out experiment-1\n"
        "         fmri2img experiment 1 subj01 --epochs 5 --roi set1 set3 --batch 32 --out experiment-1-short");
  }

  void run() {
    compute_.apply();
    const data::Subject subject = data::Subject::open(data_.subject);
    const std::vector<GridCell> cells = experiments::make_grid(rois_, batches_);
    choose_rows(subject);
    check_cells(subject, cells);
    OutputFolder folder = open_folder(subject, cells);
    run_resumable([&] { train_all(subject, cells, folder.path()); });
    if (task_) {
      fmt::print("model {} of {} ({}) is trained; when all are, run the same command without --task\n",
                 *task_,
                 cells.size(),
                 cells[static_cast<size_t>(*task_)].name());
      return;
    }
    if (!show_finished_experiment(folder)) collect(cells, folder);
  }

 private:
  /// The original's number of pictures, where the user does not choose.
  void choose_rows(const data::Subject& subject) {
    const int64_t rows = subject.responses(data::Partition::kTrain).rows();
    if (data_.train_rows.empty() && rows > kPublishedPictures)
      data_.train_rows = fmt::format("0:{}", kPublishedPictures);
  }

  /// What would else be found after hours: an unknown region, a batch that is too large, a task that does not exist.
  void check_cells(const data::Subject& subject, const std::vector<GridCell>& cells) {
    const auto models = static_cast<int64_t>(cells.size());
    FMRI2IMG_CHECK_USAGE(
        !task_ || *task_ < models, "--task {}: there are {} models, 0 .. {}", task_.value_or(0), models, models - 1);
    FMRI2IMG_CHECK_USAGE(!task_ || !output_.overwrite,
                         "--task with --overwrite would remove what the other tasks made: remove \"{}\" first",
                         output_.out);
    for (const GridCell& cell : cells) {
      const decoding::DecoderRecord record = record_of(subject, cell);
      FMRI2IMG_CHECK_USAGE(cell.batch <= static_cast<int64_t>(record.train_rows.size()),
                           "--batch {}, but there are only {} training rows: choose a smaller batch or more rows",
                           cell.batch,
                           record.train_rows.size());
    }
  }

  OutputFolder open_folder(const data::Subject& subject, const std::vector<GridCell>& cells) const {
    Json settings = {{"seed", seed_}};
    data_.add_to(settings, seed_);
    mlp_.add_to(settings);
    settings["roi"] = rois_;
    settings["batch"] = batches_;
    settings["models"] = cells.size();
    Manifest manifest = experiment_manifest("1", subject, {}, std::move(settings));
    add_hold_out_file(manifest);
    return task_ ? open_shared_folder(output_.out, manifest) : OutputFolder(output_.out, manifest, output_.policy());
  }

  decoding::DecoderRecord record_of(const data::Subject& subject, const GridCell& cell) {
    data_.roi = cell.roi;
    return data_.record(subject, /*validate=*/true, seed_);
  }

  static fs::path model_folder(const fs::path& folder, const GridCell& cell) { return folder / "models" / cell.name(); }

  void train_all(const data::Subject& subject, const std::vector<GridCell>& cells, const fs::path& folder) {
    for (size_t i = 0; i < cells.size(); ++i) {
      if (task_ && static_cast<size_t>(*task_) != i) continue;
      train(subject, cells[i], model_folder(folder, cells[i]), fmt::format("{} of {}", i + 1, cells.size()));
    }
  }

  /// The very decoder that `fmri2img train` makes with these options; a finished one is not made again.
  void train(const data::Subject& subject, const GridCell& cell, const fs::path& place, const std::string& which) {
    const decoding::DecoderRecord record = record_of(subject, cell);
    mlp_.training.options.batch = cell.batch;
    Json settings = {{"seed", seed_}};
    data_.add_to(settings, seed_);
    mlp_.add_to(settings);
    OutputFolder model(place, training_manifest("mlp", subject, std::move(settings)), {});
    if (!model.was_finished()) {
      log_info("model {}: {}", which, cell.name());
      model.finish(train_mlp_decoder(
          subject, data_.codec, record, mlp_.with(seed_, /*resume=*/true, compute_.torch_device()), place));
    }
    if (!keep_checkpoints_ && mlp_.training.options.keep_every == 0) fs::remove_all(place / "checkpoints");
  }

  void collect(const std::vector<GridCell>& cells, OutputFolder& folder) const {
    std::vector<experiments::GridResult> results;
    int64_t pictures = 0;
    for (const GridCell& cell : cells) {
      const fs::path place = model_folder(folder.path(), cell);
      const decoding::DecoderRecord record = decoding::read_record(place);
      pictures = static_cast<int64_t>(record.train_rows.size() + record.validation_rows.size());
      results.push_back({cell,
                         static_cast<int64_t>(record.vertices.columns.size()),
                         experiments::read_learning_curves(place / "log.csv")});
    }
    finish_experiment(
        folder, experiments::grid_finding(results, pictures, seed_), {{"curves.csv", experiments::grid_csv(results)}});
  }

  TrainingDataOptions data_;
  std::vector<std::string> rois_ = {"set1", "set2", "set3", "none"};
  std::vector<int64_t> batches_ = {16, 32, 64};
  MlpOptions mlp_;
  uint64_t seed_ = 42;
  std::optional<int64_t> task_;
  bool keep_checkpoints_ = false;
  OutputOptions output_;
  ComputeOptions compute_;
};

}  // namespace

Command experiment_one() {
  return make_command<ExperimentOne>("1", "Train a decoder for each ROI set and batch size, and compare their losses");
}

}  // namespace fmri2img::commands
