#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "fmri2img/io/state_dict.h"
#include "fmri2img/models/voxel_decoder/options.h"
#include "fmri2img/training/adamw.h"

namespace fmri2img::training {

/// What the original's training loop saves: a dict of model_state_dict, optimizer_state_dict, epoch, loss and steps.
/// It says nothing of subject, ROI set, split or schedule.
struct OriginalCheckpoint {
  std::filesystem::path path;
  io::StateDict weights;  ///< float32, names of the voxel decoder

  /// AdamW's moments in the optimiser's own order: the decayed parameters, then the others. Empty where the file holds
  /// weights only.
  std::vector<AdamW::Moments> moments;

  int64_t steps = 0;  ///< optimiser steps done: the schedule's position
  double loss = 0;    ///< of the last step

  /// The quoted path, for messages.
  std::string where() const { return "\"" + path.string() + "\""; }

  /// Responses that the network reads: every vertex of the subject.
  int64_t num_vertices() const { return weights.at("lin0.0.weight").size(1); }
};

/// Reads such a file, or a bare state dict, in any format of `torch.save`; weights of a DataParallel model ("module.")
/// too. Throws Error naming file and field if it is neither, or is not the low-level decoder's.
OriginalCheckpoint read_original_checkpoint(const std::filesystem::path& path);

/// The network's sizes, from the shapes of its tensors. Without `latents` they are taken to be square.
/// Throws Error naming the tensor that has no place in a voxel decoder.
models::VoxelDecoderOptions network_sizes(const OriginalCheckpoint& checkpoint,
                                          const std::optional<models::LatentShape>& latents);

/// Keeps only these columns of the first layer and of its moments: the original reads all vertices and sets those
/// outside the ROI set to zero. Throws Error (mismatch) if the file's number of vertices is not `num_vertices`.
void keep_columns(OriginalCheckpoint& checkpoint, const std::vector<int64_t>& columns, int64_t num_vertices);

}  // namespace fmri2img::training
