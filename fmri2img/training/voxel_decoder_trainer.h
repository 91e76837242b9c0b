#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "fmri2img/models/voxel_decoder/voxel_decoder.h"
#include "fmri2img/training/checkpoint.h"
#include "fmri2img/training/event_log.h"
#include "fmri2img/training/one_cycle.h"

namespace fmri2img::training {

struct VoxelTrainingOptions {
  int64_t epochs = 200;
  int64_t batch = 16;  ///< the last, partial batch of an epoch is kept

  double max_learning_rate = 5e-4;

  /// Rows that the schedule's length is computed from, as the original did: epochs x floor(num_train / batch) steps.
  /// Without it the schedule ends with the run.
  std::optional<int64_t> num_train;

  /// A new order of the training rows each epoch. The original never shuffles.
  bool shuffle = false;

  int64_t keep_every = 0;        ///< epochs between checkpoints that are kept for ever; 0: none
  int64_t patience = 0;          ///< stop after this many epochs without a better validation loss; 0: never
  bool dropout = true;           ///< off only to compare with other implementations
  bool bf16 = false;             ///< matrix products and convolutions in bfloat16, everything else in float32
  at::Device device = at::kCPU;  ///< where the network and the optimiser are; the data stays where it is
  uint64_t seed = 42;            ///< of the order of rows (weights and dropout have their generator)
};

/// Throws Error (wrong usage) naming the option that is out of range or does not fit that many training rows: what
/// needs no network to be known, so that it can be said before anything is loaded.
void check_training_options(const VoxelTrainingOptions& options, int64_t train_rows);

/// Responses and latents in memory, and which of their rows are for what, in training order.
struct VoxelTrainingData {
  at::Tensor responses;  ///< [n, K] float32
  at::Tensor latents;    ///< [n, C, h, w] float32
  std::vector<int64_t> train;
  std::vector<int64_t> validation;  ///< may be empty: no validation loss, no best checkpoint
};

/// What a finished run has to say.
struct VoxelTrainingSummary {
  TrainingState state;
  double train_loss = 0;  ///< mean of the last epoch's batches
  bool stopped_early = false;
};

/// Trains a voxel decoder by the recipe of the original: mean absolute error, AdamW, one-cycle schedule.
///
/// Keeps `checkpoints/last.safetensors`, `checkpoints/best.safetensors` (by validation loss) and, with `keep_every`,
/// `checkpoints/epoch-0050.safetensors` in `folder`, and the curves (EventLog). Killed at any moment it goes on from
/// the last whole checkpoint, which is that of the last finished epoch, or of the last step before Ctrl-C.
///
/// Determinism: on a CPU with the same number of threads the weights are bit-identical, however often the run was cut.
class VoxelDecoderTrainer {
 public:
  /// `generator` has drawn the weights and goes on with the dropout. Throws Error (wrong usage) for an option that does
  /// not fit the data: a batch larger than the training rows, a schedule shorter than the run.
  VoxelDecoderTrainer(models::VoxelDecoder model,
                      at::Generator generator,
                      VoxelTrainingData data,
                      const VoxelTrainingOptions& options,
                      std::filesystem::path folder);
  ~VoxelDecoderTrainer();

  /// Goes on from the last checkpoint in the folder. Returns false, changing nothing, where there is none yet.
  bool resume();

  /// Trains to the end. Throws Error (interrupted) after Ctrl-C, when the state is on disk.
  VoxelTrainingSummary run();

  /// One optimiser step on one batch; returns its loss. What `run` does, step by step.
  double step();

  /// Loads the weights of the best epoch into the model, or keeps the last ones where nothing was validated.
  void restore_best();

  const TrainingState& state() const { return state_; }
  int64_t steps_per_epoch() const;

 private:
  void open_log();
  void train_epoch();
  double validate();
  void finish_epoch();
  void save();
  void keep_copies() const;
  void stop_if_asked();
  bool out_of_patience() const;
  std::string progress_note() const;
  std::vector<int64_t> order_of_epoch() const;
  at::Tensor loss_of(const std::vector<int64_t>& rows, const std::optional<at::Generator>& dropout);
  std::filesystem::path checkpoint(const std::string& name) const;

  models::VoxelDecoder model_;
  at::Generator generator_;
  VoxelTrainingData data_;
  VoxelTrainingOptions options_;
  std::filesystem::path folder_;
  OneCycle schedule_;
  AdamW optimiser_;
  TrainingState state_;
  std::optional<double> last_validation_;  // of this session, for the progress line
  std::vector<int64_t> order_;             // of the epoch in progress
  std::unique_ptr<EventLog> log_;
};

/// Bytes that a run needs in memory: weights, gradients, both moments, activations of a batch, and the data. The
/// largest number where that is smaller.
int64_t training_memory(const models::VoxelDecoderOptions& model, int64_t batch, int64_t rows);

/// Bytes of one checkpoint.
int64_t checkpoint_bytes(const models::VoxelDecoder& model);

}  // namespace fmri2img::training
