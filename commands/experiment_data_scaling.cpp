#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <CLI/CLI.hpp>

#include "fmri2img/core/check.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/text.h"
#include "fmri2img/experiments/data_scaling.h"
#include "fmri2img/experiments/decoder_rows.h"
#include "commands/common_options.h"
#include "commands/experiment_kinds.h"
#include "commands/experiment_output.h"
#include "commands/train_decoder.h"
#include "commands/training_options.h"

namespace fmri2img::commands {
namespace {

constexpr int64_t kFewestPictures = 20;
constexpr int64_t kMostHeldOut = 1000;
constexpr double kFittedShare = 0.7;  // of an mlp's pictures

/// One decoder to train.
struct ScalingCell {
  std::string decoder;
  int64_t pictures = 0;
  std::string name() const { return fmt::format("{}-{}", decoder, pictures); }
};

class DataScaling {
 public:
  DataScaling() { mlp_.training.options.epochs = 50; }

  void usage(CLI::App& app) {
    app.add_option("SUBJECT", data_.subject, "Subject folder")->required();
    app.add_option("--decoder", decoders_, "Kinds to train: ridge, mlp (default: both)")
        ->check(CLI::IsMember({"ridge", "mlp"}));
    app.add_option("--sizes",
                   sizes_,
                   "Numbers of training pictures, an mlp's validation rows included (default: all, and halved up to "
                   "--halvings times)")
        ->check(positive());
    app.add_option("--halvings", halvings_, "How often the number is halved")
        ->check(CLI::Range(0, 20))
        ->capture_default_str();
    data_.add_to(app);
    app.get_option("--hold-out")
        ->description(
            "Rows that every decoder is scored on and none is trained on: a file with rows or picture ids, or "
            "their number (default: a fifth, up to 1000)");
    app.add_option("--seed", seed_, "Seed of the pictures' order, weights, dropout and folds")
        ->check(not_negative())
        ->capture_default_str();
    mlp_.add_to(app);
    mlp_.add_sizes_to(app);
    output_.add_to(app, "models, tables and charts");
    compute_.add_to(app);
    app.footer(
        "Run it again with the same options to go on after an interruption.\n"
        "Example: fmri2img experiment data-scaling subj01 --roi set3 --decoder ridge --out data-scaling");
  }

  void run() {
    compute_.apply();
    const data::Subject subject = data::Subject::open(data_.subject);
    choose_hold_out(subject);
    const decoding::DecoderRecord pool = data_.record(subject, /*validate=*/false, seed_);
    FMRI2IMG_CHECK_USAGE(!pool.held_out_rows.empty(), "--hold-out 0 leaves no rows to score on");
    const std::vector<ScalingCell> cells = choose_cells(static_cast<int64_t>(pool.train_rows.size()));
    Manifest manifest = experiment_manifest("data-scaling", subject, {}, settings());
    add_hold_out_file(manifest);
    OutputFolder folder(output_.out, std::move(manifest), output_.policy());
    if (show_finished_experiment(folder)) return;
    run_resumable([&] { train_and_score(subject, pool, cells, folder); });
  }

 private:
  void choose_hold_out(const data::Subject& subject) {
    if (!data_.hold_out.empty()) return;
    const int64_t rows = subject.responses(data::Partition::kTrain).rows();
    data_.hold_out = std::to_string(std::min(kMostHeldOut, rows / 5));
  }

  int64_t fewest(const std::string& decoder) const {
    if (decoder == "ridge") return kFewestPictures;
    const auto batches = static_cast<int64_t>(static_cast<double>(mlp_.training.options.batch + 1) / kFittedShare) + 1;
    return std::max(kFewestPictures, batches);
  }

  std::vector<ScalingCell> choose_cells(int64_t pool) const {
    std::vector<ScalingCell> cells;
    for (const std::string& decoder : decoders_) {
      const int64_t least = fewest(decoder);
      std::vector<int64_t> sizes = sizes_.empty() ? experiments::scaling_sizes(pool, halvings_, least) : sizes_;
      std::sort(sizes.begin(), sizes.end());
      for (const int64_t size : sizes) {
        FMRI2IMG_CHECK_USAGE(size >= least && size <= pool,
                             "{} training pictures for {}: there are {} beside the held-out ones, and at least {} are "
                             "needed: choose other --sizes, another --hold-out or a smaller --batch",
                             format_count(size),
                             decoder,
                             format_count(pool),
                             least);
        cells.push_back({decoder, size});
      }
    }
    return cells;
  }

  Json settings() const {
    Json settings = {{"seed", seed_}, {"decoder", decoders_}, {"sizes", sizes_}, {"halvings", halvings_}};
    data_.add_to(settings, seed_);
    mlp_.add_to(settings);
    return settings;
  }

  decoding::DecoderRecord record_of(const decoding::DecoderRecord& pool, const ScalingCell& cell) const {
    decoding::DecoderRecord record = pool;
    record.train_rows = experiments::nested_order(pool.train_rows, seed_);
    record.train_rows.resize(static_cast<size_t>(cell.pictures));
    std::sort(record.train_rows.begin(), record.train_rows.end());
    if (cell.decoder == "mlp") data_.split(record, seed_);
    return record;
  }

  void train(const data::Subject& subject,
             const decoding::DecoderRecord& pool,
             const ScalingCell& cell,
             const std::filesystem::path& place) const {
    Json settings = this->settings();
    settings["pictures"] = cell.pictures;
    OutputFolder model(place, training_manifest(cell.decoder, subject, std::move(settings)), {});
    if (!model.was_finished()) {
      log_info("{} on {} pictures", cell.decoder, format_count(cell.pictures));
      const decoding::DecoderRecord record = record_of(pool, cell);
      model.finish(
          cell.decoder == "mlp"
              ? train_mlp_decoder(
                    subject, data_.codec, record, mlp_.with(seed_, /*resume=*/true, compute_.torch_device()), place)
              : train_ridge_decoder(subject, data_.codec, record, {.seed = seed_}, place));
    }
    std::filesystem::remove_all(place / "checkpoints");
  }

  /// The file `file`, made where it is not there.
  static experiments::RowValues score(const data::Subject& subject,
                                      const std::filesystem::path& place,
                                      const std::filesystem::path& file) {
    if (!std::filesystem::exists(file)) {
      const decoding::DecoderRecord record = decoding::read_record(place);
      const experiments::DecoderRows rows =
          experiments::load_decoder_rows(subject, record, data::Partition::kTrain, record.held_out_rows, std::nullopt);
      const auto decoder = decoding::load_decoder(place);
      experiments::write_row_values(
          file, "error", {record.held_out_rows, experiments::row_errors(*decoder, rows.responses, rows.latents)});
    }
    return experiments::read_row_values(file);
  }

  /// Errors of the mean latents of the whole pool, which know nothing about the responses.
  static experiments::RowValues baseline(const data::Subject& subject,
                                         const decoding::DecoderRecord& pool,
                                         const decoding::DecoderRecord& record) {
    const auto latents = [&](const std::vector<int64_t>& rows) {
      return experiments::decoder_targets(subject, record, data::Partition::kTrain, rows, std::nullopt);
    };
    const at::Tensor mean = latents(pool.train_rows).mean(0, /*keepdim=*/true);
    const at::Tensor errors =
        (latents(pool.held_out_rows) - mean).abs().flatten(1).mean({1}, /*keepdim=*/false, at::kDouble);
    return {pool.held_out_rows, {errors.const_data_ptr<double>(), errors.const_data_ptr<double>() + errors.numel()}};
  }

  void train_and_score(const data::Subject& subject,
                       const decoding::DecoderRecord& pool,
                       const std::vector<ScalingCell>& cells,
                       OutputFolder& folder) const {
    std::filesystem::create_directories(folder / "rows");
    std::vector<experiments::ScalingResult> results;
    for (const ScalingCell& cell : cells) {
      const std::filesystem::path place = folder / "models" / cell.name();
      train(subject, pool, cell, place);
      results.push_back({.decoder = cell.decoder,
                         .pictures = cell.pictures,
                         .errors = score(subject, place, folder / "rows" / (cell.name() + ".csv")),
                         .epochs = mlp_.training.options.epochs});
    }
    const decoding::DecoderRecord largest = decoding::read_record(folder / "models" / cells.back().name());
    finish_experiment(folder,
                      experiments::scaling_finding(results, baseline(subject, pool, largest), seed_),
                      {{"scaling.csv", experiments::scaling_csv(results, seed_)}});
  }

  TrainingDataOptions data_;
  std::vector<std::string> decoders_ = {"ridge", "mlp"};
  std::vector<int64_t> sizes_;
  int64_t halvings_ = 4;
  MlpOptions mlp_;
  uint64_t seed_ = 42;
  OutputOptions output_;
  ComputeOptions compute_;
};

}  // namespace

Command experiment_data_scaling() {
  return make_command<DataScaling>("data-scaling", "Error of decoders against the number of training pictures");
}

}  // namespace fmri2img::commands
