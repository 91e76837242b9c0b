#include "commands/training_options.h"

#include <fmt/ranges.h>

#include <CLI/App.hpp>
#include <CLI/Validators.hpp>

#include "fmri2img/core/check.h"
#include "fmri2img/core/fingerprint.h"
#include "fmri2img/data/rows.h"
#include "fmri2img/data/split.h"
#include "commands/common_options.h"

namespace fmri2img::commands {
namespace {

constexpr double kTrainFraction = 0.7;

Json or_null(const auto& optional) {
  return optional ? Json(*optional) : Json();
}

}  // namespace

void TrainingDataOptions::add_to(CLI::App& app) {
  app.add_option("--roi", roi, "Vertices: none (all), set1, set2, set3, or an expression like \"set1 | set2 - hV4\"")
      ->capture_default_str();
  add_rows_to(app);
}

void TrainingDataOptions::add_rows_to(CLI::App& app) {
  app.add_option("--train-rows", train_rows, "Rows of the training split to use, such as 0:4000,4100 (default: all)");
  app.add_option(
      "--hold-out", hold_out, "Rows that no model may train on: a file with rows or picture ids, or their number");
  app.add_option(
         "--codec", codec, "vae (with fMRI_VAE.npy) or pixels (default: vae where there is that file, else pixels)")
      ->check(CLI::IsMember({"vae", "pixels"}));
  app.add_option(
         "--split-seed", split_seed, "Seed of the 70/30 split into training and validation rows (default: --seed)")
      ->check(not_negative());
}

void TrainingDataOptions::add_to(Json& settings, uint64_t seed) const {
  settings["roi"] = roi;
  settings["train_rows"] = train_rows;
  settings["hold_out"] = hold_out;
  settings["codec"] = codec;
  settings["split_seed"] = split_seed.value_or(seed);
}

decoding::DecoderRecord TrainingDataOptions::record(const data::Subject& opened, bool validate, uint64_t seed) const {
  const int64_t count = opened.responses(data::Partition::kTrain).rows();
  const std::vector<int64_t> named =
      train_rows.empty() ? data::all_rows(count) : data::parse_rows(train_rows, count, "--train-rows");
  const data::HoldOut hold = data::apply_hold_out(named, hold_out, opened);
  decoding::DecoderRecord record;
  record.subject = opened.name();
  record.subject_fingerprint = opened.fingerprint();
  record.vertices = data::select_vertices(opened, roi);
  record.train_rows = hold.pool;
  record.held_out_rows = hold.held_out;
  record.command_line = command_line();
  if (validate) split(record, seed);
  return record;
}

void TrainingDataOptions::split(decoding::DecoderRecord& record, uint64_t seed) const {
  data::Split split = data::random_split(record.train_rows, kTrainFraction, split_seed.value_or(seed));
  record.train_rows = std::move(split.train);
  record.validation_rows = std::move(split.validation);
}

void MlpOptions::add_to(CLI::App& app) {
  app.add_option("--batch", training.options.batch, "Rows a step; the last, partial batch is kept")
      ->group(group)
      ->capture_default_str();
  add_all_but_batch_to(app);
}

void MlpOptions::add_all_but_batch_to(CLI::App& app) {
  training::VoxelTrainingOptions& options = training.options;
  const auto in = [&, this](const std::string& name, auto& value, const std::string& help) {
    return app.add_option(name, value, help)->group(group);
  };
  in("--epochs", options.epochs, "Passes over the training rows")->capture_default_str();
  in("--num-train",
     num_train,
     "Length of the learning-rate schedule: epochs x floor(N / batch) steps (default: the run's)");
  in("--learning-rate", options.max_learning_rate, "Highest learning rate of the schedule")->capture_default_str();
  app.add_flag("--shuffle", options.shuffle, "A new order of the rows each epoch")->group(group);
  in("--keep-every", options.keep_every, "Keep the checkpoint of every N-th epoch")->check(not_negative());
  in("--patience", options.patience, "Stop after N epochs without a better validation loss")->check(not_negative());
  in("--dtype", dtype, "fp32 (exact), or bf16 (faster where the processor has it)")
      ->check(CLI::IsMember({"fp32", "bf16"}))
      ->capture_default_str();
  in("--weights", weights, "Weights to keep: best (by validation loss) or last")
      ->check(CLI::IsMember({"best", "last"}))
      ->capture_default_str();
}

void MlpOptions::add_sizes_to(CLI::App& app) {
  const auto in = [&, this](const std::string& name, auto& value, const std::string& help) {
    return app.add_option(name, value, help)->group(group)->capture_default_str();
  };
  in("--width", training.sizes.width, "Width of the hidden layers");
  in("--blocks", training.sizes.blocks, "Residual layers");
  // As it is typed: how CLI11 prints a list depends on which operators a translation unit happens to include.
  in("--channels", training.sizes.channels, "Maps of the upsampler, finest first, such as 64,128,256")
      ->delimiter(',')
      ->default_str(fmt::format("{}", fmt::join(training.sizes.channels, ",")));
}

void MlpOptions::add_to(Json& settings) const {
  const training::VoxelTrainingOptions& options = training.options;
  settings["epochs"] = options.epochs;
  settings["batch"] = options.batch;
  settings["num_train"] = or_null(num_train);
  settings["learning_rate"] = options.max_learning_rate;
  settings["width"] = training.sizes.width;
  settings["blocks"] = training.sizes.blocks;
  settings["channels"] = training.sizes.channels;
  settings["shuffle"] = options.shuffle;
  settings["keep_every"] = options.keep_every;
  settings["patience"] = options.patience;
  settings["dtype"] = dtype;
  settings["weights"] = weights;
}

training::MlpTraining MlpOptions::with(uint64_t seed, bool resume, at::Device device) const {
  training::MlpTraining result = training;
  result.seed = seed;
  result.options.seed = seed;
  result.options.num_train = num_train;
  result.options.device = device;
  result.options.bf16 = dtype == "bf16";
  result.last_weights = weights == "last";
  result.resume = resume;
  return result;
}

void add_hold_out_file(Manifest& manifest) {
  const std::string hold_out = manifest.settings.value("hold_out", std::string());
  if (hold_out.find_first_not_of("0123456789") == std::string::npos) return;  // none, or a number of rows
  manifest.inputs[std::filesystem::weakly_canonical(hold_out).string()] = fingerprint(hold_out);
}

Manifest training_manifest(const std::string& decoder, const data::Subject& subject, Json settings) {
  Manifest manifest;
  manifest.command = "train";
  manifest.command_line = command_line();
  manifest.settings = std::move(settings);
  manifest.settings["decoder"] = decoder;
  manifest.inputs[std::filesystem::weakly_canonical(subject.path()).string()] = subject.fingerprint();
  add_hold_out_file(manifest);
  if (const auto latents = subject.latents()) {
    manifest.inputs[std::filesystem::weakly_canonical(*latents).string()] = fingerprint(*latents);
  }
  return manifest;
}

}  // namespace fmri2img::commands
