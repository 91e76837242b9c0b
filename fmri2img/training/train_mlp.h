#pragma once

#include <filesystem>

#include "fmri2img/decoding/decoder_folder.h"
#include "fmri2img/training/voxel_decoder_trainer.h"

namespace fmri2img::data {
class Subject;
}

namespace fmri2img::training {

/// Sizes of the network that its user may choose.
struct MlpSizes {
  int64_t width = 2048;
  int64_t blocks = 4;
  std::vector<int64_t> channels = {64, 128, 256};
};

/// What `train --decoder mlp` was asked for.
struct MlpTraining {
  MlpSizes sizes;
  VoxelTrainingOptions options;
  uint64_t seed = 42;         ///< weights and dropout
  bool last_weights = false;  ///< keep the last epoch's weights instead of those with the best validation loss
  bool resume = false;
};

/// Trains a voxel decoder on `record.train_rows`, validates it on `record.validation_rows`, and writes it into the
/// existing folder `out`. `record` describes the data; kind and training are filled in here. `latents` are those of the
/// training rows, then of the validation rows.
///
/// Checks the memory before the network is made and the responses are gathered, and the disk before the first step:
/// there must be room for what the run's checkpoints will take beyond those that a resumed run has already.
/// Throws Error as VoxelDecoderTrainer does.
VoxelTrainingSummary train_mlp(const data::Subject& subject,
                               at::Tensor latents,
                               const MlpTraining& training,
                               decoding::DecoderRecord record,
                               const std::filesystem::path& out);

/// Throws Error (wrong usage) for an option that does not fit the rows, and Error (failed) where that training would
/// not find the memory: call it before the latents are loaded. REQUIRES: `record` names its rows, its vertices and the
/// shape of its latents.
void require_room_for_mlp(const decoding::DecoderRecord& record, const MlpTraining& training);

/// The network's options for a record's vertices and latents.
models::VoxelDecoderOptions network_options(const decoding::DecoderRecord& record, const MlpSizes& sizes);

}  // namespace fmri2img::training
