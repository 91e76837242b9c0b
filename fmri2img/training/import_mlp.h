#pragma once

#include <filesystem>

#include "fmri2img/decoding/decoder_folder.h"
#include "fmri2img/training/original_checkpoint.h"
#include "fmri2img/training/train_mlp.h"

namespace fmri2img::training {

/// How much of the training an imported file had behind it.
struct ImportedTraining {
  TrainingState state;     ///< all zero where the file holds weights only
  bool resumable = false;  ///< there is something left to train, and the file holds what that needs
};

/// Writes the checkpoint's weights as a decoder into the existing folder `out` and, where the file holds an optimiser,
/// a training checkpoint from which `train --resume` goes on. `record` describes the data that the caller says it was
/// trained on; `training` the schedule.
///
/// The original saves no generator: a resumed run draws its dropout from one newly seeded with `training.seed`.
/// Throws Error (mismatch) if the number of vertices differs from the subject's, and Error (bad input) if a tensor does
/// not fit or the steps are no whole number of epochs of `record.train_rows` at this batch size.
ImportedTraining import_mlp(OriginalCheckpoint checkpoint,
                            const MlpTraining& training,
                            decoding::DecoderRecord record,
                            const std::filesystem::path& out);

}  // namespace fmri2img::training
