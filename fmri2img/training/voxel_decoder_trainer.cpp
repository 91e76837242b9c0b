#include "fmri2img/training/voxel_decoder_trainer.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/check.h"
#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/random.h"
#include "fmri2img/core/text.h"
#include "fmri2img/nn/autocast.h"

namespace fmri2img::training {
namespace fs = std::filesystem;
namespace {

constexpr const char* kResumeAdvice = "run the same command with --resume to go on";
const std::vector<std::string> kTags = {"train/loss", "train/lr", "train/num_steps", "val/loss"};

int64_t batches_of(size_t rows, int64_t batch) {
  return (static_cast<int64_t>(rows) + batch - 1) / batch;
}

/// The schedule of the whole run.
OneCycle schedule_of(const VoxelTrainingOptions& options, size_t train_rows) {
  check_training_options(options, static_cast<int64_t>(train_rows));
  const int64_t steps = options.epochs * batches_of(train_rows, options.batch);
  const int64_t length = options.num_train ? options.epochs * (*options.num_train / options.batch) : steps;
  const OneCycle schedule({.num_steps = length,
                           .max_learning_rate = options.max_learning_rate,
                           .warmup_fraction = std::min(1.0, 2.0 / static_cast<double>(options.epochs)),
                           .final_division = 1e3});
  schedule.check_length(steps);
  return schedule;
}

std::vector<int64_t> slice(const std::vector<int64_t>& rows, int64_t batch_index, int64_t batch) {
  const int64_t begin = batch_index * batch;
  const int64_t end = std::min<int64_t>(begin + batch, static_cast<int64_t>(rows.size()));
  return {rows.begin() + begin, rows.begin() + end};
}

/// The same file under another name: a link where the file system has them, since checkpoints are never changed.
void copy_file_atomically(const fs::path& from, const fs::path& to) {
  const fs::path temporary = to.parent_path() / ("." + to.filename().string() + ".tmp");
  fs::remove(temporary);
  std::error_code error;
  fs::create_hard_link(from, temporary, error);
  if (error) fs::copy_file(from, temporary);
  fs::rename(temporary, to);
}

models::VoxelDecoder moved(models::VoxelDecoder model, at::Device device) {
  model->to(device);
  return model;
}

}  // namespace

void check_training_options(const VoxelTrainingOptions& options, int64_t train_rows) {
  FMRI2IMG_CHECK_USAGE(options.epochs >= 1, "--epochs is {}, must be at least 1", options.epochs);
  FMRI2IMG_CHECK_USAGE(options.batch >= 1, "--batch is {}, must be at least 1", options.batch);
  FMRI2IMG_CHECK_USAGE(options.batch <= train_rows,
                       "--batch is {}, but there are only {} training rows: choose a smaller batch or more rows",
                       options.batch,
                       train_rows);
  FMRI2IMG_CHECK_USAGE(
      !options.num_train || *options.num_train >= options.batch,
      "--num-train is {}, must be at least --batch ({}): the learning-rate schedule is as long as that "
      "many rows make whole batches",
      options.num_train.value_or(0),
      options.batch);
  FMRI2IMG_CHECK_USAGE(std::isfinite(options.max_learning_rate) && options.max_learning_rate > 0,
                       "--learning-rate is {}, must be a positive number",
                       options.max_learning_rate);
  FMRI2IMG_CHECK_USAGE(
      options.keep_every >= 0, "--keep-every is {}, must be 0 (keep none) or more epochs", options.keep_every);
  FMRI2IMG_CHECK_USAGE(
      options.patience >= 0, "--patience is {}, must be 0 (never stop early) or more epochs", options.patience);
}

VoxelDecoderTrainer::VoxelDecoderTrainer(models::VoxelDecoder model,
                                         at::Generator generator,
                                         VoxelTrainingData data,
                                         const VoxelTrainingOptions& options,
                                         fs::path folder)
    : model_(moved(std::move(model), options.device)),
      generator_(std::move(generator)),
      data_(std::move(data)),
      options_(options),
      folder_(std::move(folder)),
      schedule_(schedule_of(options, data_.train.size())),
      optimiser_(parameters_of(*model_)) {
  fs::create_directories(folder_ / "checkpoints");
}

VoxelDecoderTrainer::~VoxelDecoderTrainer() = default;

int64_t VoxelDecoderTrainer::steps_per_epoch() const {
  return batches_of(data_.train.size(), options_.batch);
}

fs::path VoxelDecoderTrainer::checkpoint(const std::string& name) const {
  return folder_ / "checkpoints" / (name + ".safetensors");
}

bool VoxelDecoderTrainer::resume() {
  if (!fs::exists(checkpoint("last"))) return false;
  state_ = read_checkpoint(checkpoint("last"), {*model_, optimiser_, &generator_});
  order_.clear();
  keep_copies();  // the earlier run may have been killed just before it did
  log_info("going on from step {} (epoch {} of {})", format_count(state_.steps), state_.epoch + 1, options_.epochs);
  return true;
}

VoxelTrainingSummary VoxelDecoderTrainer::run() {
  open_log();
  Progress progress("training the decoder", "steps", options_.epochs * steps_per_epoch(), state_.steps);
  double train_loss = 0;
  while (state_.epoch < options_.epochs && !out_of_patience()) {
    while (state_.batch < steps_per_epoch()) {
      step();
      train_loss = state_.loss_sum / static_cast<double>(state_.batch);
      progress.advance(1, progress_note());
      stop_if_asked();
    }
    finish_epoch();
  }
  return {state_, train_loss, state_.epoch < options_.epochs};
}

std::string VoxelDecoderTrainer::progress_note() const {
  std::string note =
      fmt::format("epoch {}, loss {:.4f}", state_.epoch + 1, state_.loss_sum / static_cast<double>(state_.batch));
  if (last_validation_) note += fmt::format(", validation {:.4f}", *last_validation_);
  if (state_.best_validation) note += fmt::format(", best {:.4f}", *state_.best_validation);
  return note;
}

double VoxelDecoderTrainer::step() {
  if (order_.empty()) order_ = order_of_epoch();
  const std::vector<int64_t> rows = slice(order_, state_.batch, options_.batch);
  const OneCyclePoint point = schedule_.at(state_.steps);
  const at::Tensor loss = loss_of(rows, options_.dropout ? std::optional(generator_) : std::nullopt);
  loss.backward();
  optimiser_.step(point.learning_rate, point.beta1);
  state_.loss = loss.item<double>();
  FMRI2IMG_CHECK(std::isfinite(state_.loss),
                 "the loss of step {} is not a number: the responses or latents of its rows ({} ...) are damaged; "
                 "run fmri2img doctor",
                 state_.steps + 1,
                 rows.front());
  state_.loss_sum += state_.loss;
  ++state_.batch;
  ++state_.steps;
  if (log_) {
    log_->write(state_.steps,
                {{"train/loss", state_.loss_sum / static_cast<double>(state_.batch)},
                 {"train/lr", point.learning_rate},
                 {"train/num_steps", static_cast<double>(state_.steps)}});
  }
  return state_.loss;
}

at::Tensor VoxelDecoderTrainer::loss_of(const std::vector<int64_t>& rows, const std::optional<at::Generator>& dropout) {
  const at::Tensor index = at::tensor(rows, at::kLong);
  const at::Tensor responses = data_.responses.index_select(0, index).to(options_.device);
  const at::Tensor target = data_.latents.index_select(0, index).to(options_.device);
  const nn::Autocast autocast(options_.bf16, options_.device.type());
  return at::l1_loss(model_->forward(responses, dropout).to(at::kFloat), target);
}

std::vector<int64_t> VoxelDecoderTrainer::order_of_epoch() const {
  if (!options_.shuffle) return data_.train;
  // From the seed and the epoch alone, so that a resumed run needs no further state.
  const at::Generator generator =
      make_generator(splitmix64(options_.seed ^ splitmix64(static_cast<uint64_t>(state_.epoch))));
  const at::Tensor order = at::randperm(static_cast<int64_t>(data_.train.size()), generator);
  std::vector<int64_t> rows;
  for (int64_t i = 0; i < order.numel(); ++i)
    rows.push_back(data_.train[static_cast<size_t>(order[i].item<int64_t>())]);
  return rows;
}

/// As the original: the mean of the batches' means, at the batch size of the training.
double VoxelDecoderTrainer::validate() {
  const at::NoGradGuard no_grad;
  double sum = 0;
  const int64_t batches = batches_of(data_.validation.size(), options_.batch);
  for (int64_t i = 0; i < batches; ++i) sum += loss_of(slice(data_.validation, i, options_.batch), {}).item<double>();
  return sum / static_cast<double>(batches);
}

void VoxelDecoderTrainer::finish_epoch() {
  ++state_.epoch;
  state_.batch = 0;
  state_.loss_sum = 0;
  order_.clear();
  if (!data_.validation.empty()) {
    const double loss = validate();
    last_validation_ = loss;
    if (log_) log_->write(state_.steps, {{"val/loss", loss}});
    if (!state_.best_validation || loss < *state_.best_validation) {
      state_.best_validation = loss;
      state_.best_epoch = state_.epoch;
    }
  }
  save();
  keep_copies();
}

void VoxelDecoderTrainer::save() {
  write_checkpoint(checkpoint("last"), state_, {*model_, optimiser_, &generator_});
}

void VoxelDecoderTrainer::keep_copies() const {
  if (state_.batch != 0 || state_.epoch == 0) return;
  if (state_.best_validation && state_.best_epoch == state_.epoch)
    copy_file_atomically(checkpoint("last"), checkpoint("best"));
  if (options_.keep_every > 0 && state_.epoch % options_.keep_every == 0) {
    copy_file_atomically(checkpoint("last"), checkpoint(fmt::format("epoch-{:04}", state_.epoch)));
  }
}

void VoxelDecoderTrainer::stop_if_asked() {
  if (!interrupt_requested()) return;
  // The end of an epoch still has its validation to come: finish it, so that no state lies between.
  if (state_.batch == steps_per_epoch())
    finish_epoch();
  else
    save();
  stop_if_interrupted(kResumeAdvice);
}

bool VoxelDecoderTrainer::out_of_patience() const {
  return options_.patience > 0 && state_.best_validation && state_.epoch - state_.best_epoch >= options_.patience;
}

void VoxelDecoderTrainer::open_log() {
  if (!log_) log_ = std::make_unique<EventLog>(folder_, kTags, state_.steps);
}

void VoxelDecoderTrainer::restore_best() {
  if (state_.best_validation) read_checkpoint_weights(checkpoint("best"), *model_);
}

int64_t training_memory(const models::VoxelDecoderOptions& model, int64_t batch, int64_t rows) {
  // In floating point: sizes are as large as their user types them.
  const double width = static_cast<double>(model.width), inputs = static_cast<double>(model.num_inputs);
  const double first = static_cast<double>(model.channels.front()), last = static_cast<double>(model.channels.back());
  const double start = static_cast<double>(model.start_height()) * static_cast<double>(model.start_width());
  const double grid = static_cast<double>(model.latent.height) * static_cast<double>(model.latent.width);
  const double upsampler = 27 * last * last * 4;
  const double parameters = width * (inputs + static_cast<double>(model.blocks) * width + first * start) + upsampler;
  // Seen at full size: 60 maps of the finest resolution a sample, with what the backward pass needs besides.
  const double activations = static_cast<double>(batch) * 60 * first * grid;
  const double data = static_cast<double>(rows) * (inputs + static_cast<double>(model.latent.channels) * grid);
  const double bytes = 4 * (4 * parameters + activations + data);
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  return bytes < static_cast<double>(kMost) ? static_cast<int64_t>(bytes) : kMost;
}

int64_t checkpoint_bytes(const models::VoxelDecoder& model) {
  int64_t parameters = 0;
  for (const at::Tensor& parameter : model->parameters()) parameters += parameter.numel();
  return int64_t{3} * 4 * parameters + (int64_t{1} << 16);
}

}  // namespace fmri2img::training
