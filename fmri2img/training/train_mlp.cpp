#include "fmri2img/training/train_mlp.h"

#include <ATen/ATen.h>

#include <numeric>

#include "fmri2img/core/atomic_file.h"
#include "fmri2img/core/disk_usage.h"
#include "fmri2img/core/half_written.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/memory.h"
#include "fmri2img/core/random.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/nn/state_dict.h"

namespace fmri2img::training {
namespace {

/// Positions of the rows in tensors that hold the training rows, then the validation rows.
VoxelTrainingData gather_data(const data::Subject& subject, at::Tensor latents, const decoding::DecoderRecord& record) {
  std::vector<int64_t> rows = record.train_rows;
  rows.insert(rows.end(), record.validation_rows.begin(), record.validation_rows.end());
  VoxelTrainingData data;
  data.responses = subject.responses(data::Partition::kTrain).gather(rows, record.vertices.columns);
  data.latents = std::move(latents);
  data.train.resize(record.train_rows.size());
  std::iota(data.train.begin(), data.train.end(), 0);
  data.validation.resize(record.validation_rows.size());
  std::iota(data.validation.begin(), data.validation.end(), static_cast<int64_t>(data.train.size()));
  return data;
}

void require_room_on_disk(const models::VoxelDecoder& model,
                          const VoxelTrainingOptions& options,
                          const std::filesystem::path& out) {
  remove_half_written(out / "checkpoints");  // as large as a whole one
  // The last, the best, the one being written, and those kept for ever; then the decoder itself.
  const int64_t kept = options.keep_every > 0 ? options.epochs / options.keep_every : 0;
  // The last, the best and the kept ones may be links to one file.
  const int64_t missing = (4 + kept) * checkpoint_bytes(model) - bytes_below(out / "checkpoints");
  if (missing > 0) require_disk_space(out, missing, "the checkpoints of this training");
}

Json settings_json(const MlpTraining& training, const VoxelTrainingSummary& summary) {
  const VoxelTrainingOptions& options = training.options;
  return {{"epochs", options.epochs},
          {"batch", options.batch},
          {"max_learning_rate", options.max_learning_rate},
          {"num_train", options.num_train ? Json(*options.num_train) : Json()},
          {"shuffle", options.shuffle},
          {"patience", options.patience},
          {"dtype", options.bf16 ? "bf16" : "fp32"},
          {"seed", training.seed},
          {"weights", training.last_weights ? "last" : "best"},
          {"steps", summary.state.steps},
          {"epochs_done", summary.state.epoch},
          {"last_train_loss", summary.train_loss},
          {"best_validation_loss", summary.state.best_validation ? Json(*summary.state.best_validation) : Json()},
          {"best_epoch", summary.state.best_epoch}};
}

}  // namespace

models::VoxelDecoderOptions network_options(const decoding::DecoderRecord& record, const MlpSizes& sizes) {
  models::VoxelDecoderOptions options;
  options.num_inputs = static_cast<int64_t>(record.vertices.columns.size());
  options.width = sizes.width;
  options.blocks = sizes.blocks;
  options.channels = sizes.channels;
  options.latent = record.latent_shape;
  return options;
}

void require_room_for_mlp(const decoding::DecoderRecord& record, const MlpTraining& training) {
  const models::VoxelDecoderOptions network = network_options(record, training.sizes);
  network.check();
  check_training_options(training.options, static_cast<int64_t>(record.train_rows.size()));
  const auto rows = static_cast<int64_t>(record.train_rows.size() + record.validation_rows.size());
  require_memory(training_memory(network, training.options.batch, rows),
                 fmt::format("training a voxel decoder with {} inputs at batch {}",
                             format_count(network.num_inputs),
                             training.options.batch),
                 "choose a ROI set with --roi, a smaller --batch, or a smaller --width");
}

VoxelTrainingSummary train_mlp(const data::Subject& subject,
                               at::Tensor latents,
                               const MlpTraining& training,
                               decoding::DecoderRecord record,
                               const std::filesystem::path& out) {
  const models::VoxelDecoderOptions network = network_options(record, training.sizes);
  require_room_for_mlp(record, training);
  models::VoxelDecoder model(network);
  require_room_on_disk(model, training.options, out);
  const at::Generator generator = make_generator(training.seed);
  model->reset_parameters(generator, record.vertices.columns, record.vertices.num_vertices);
  VoxelDecoderTrainer trainer(
      model, generator, gather_data(subject, std::move(latents), record), training.options, out);
  if (training.resume) trainer.resume();
  const VoxelTrainingSummary summary = trainer.run();
  if (summary.stopped_early) {
    log_info("stopped after epoch {}: no better validation loss for {} epochs",
             summary.state.epoch,
             training.options.patience);
  }
  if (!training.last_weights) trainer.restore_best();
  model->to(at::kCPU);
  record.kind = "mlp";
  record.training = settings_json(training, summary);
  write_decoder(out, record, nn::state_dict(*model), model->options().to_json());
  return summary;
}

}  // namespace fmri2img::training
