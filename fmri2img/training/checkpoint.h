#pragma once

#include <ATen/core/Generator.h>

#include <cstdint>
#include <filesystem>
#include <optional>

#include "fmri2img/training/adamw.h"
#include "fmri2img/training/moving_average.h"

namespace torch::nn {
class Module;
}

namespace fmri2img::training {

/// How far a run has come, between two steps.
struct TrainingState {
  int64_t epoch = 0;                      ///< whole epochs done: the index of the one in progress
  int64_t batch = 0;                      ///< batches done in it
  int64_t steps = 0;                      ///< optimiser steps done, which is the schedule's position
  double loss_sum = 0;                    ///< of the batches done in this epoch
  double loss = 0;                        ///< of the last batch
  std::optional<double> best_validation;  ///< lowest validation loss so far
  int64_t best_epoch = 0;                 ///< whole epochs that had been done when it was found
};

/// What a run changes, all of which has to be on disk for it to go on.
struct TrainedParts {
  torch::nn::Module& model;
  AdamW& optimiser;
  at::Generator* generator = nullptr;  ///< null where every step draws from a generator of its own
  MovingAverage* average = nullptr;    ///< null where none is kept
};

/// Writes a run's whole state as one safetensors file (doc/formats/checkpoint.md), atomically: a killed process or a
/// full disk leaves the file that was there.
void write_checkpoint(const std::filesystem::path& path, const TrainingState& state, const TrainedParts& parts);

/// Puts a run back into the state that `write_checkpoint` saved. Throws Error naming the file and the tensor that is
/// missing or of another shape.
TrainingState read_checkpoint(const std::filesystem::path& path, const TrainedParts& parts);

/// The model's weights alone.
void read_checkpoint_weights(const std::filesystem::path& path, torch::nn::Module& model);

}  // namespace fmri2img::training
