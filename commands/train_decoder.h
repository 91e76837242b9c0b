#pragma once

#include <filesystem>
#include <string>

#include "fmri2img/core/json.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/decoding/decoder_folder.h"
#include "fmri2img/decoding/ridge/train_ridge.h"
#include "fmri2img/training/train_mlp.h"

namespace fmri2img::commands {

/// Trains a decoder of each kind as `fmri2img train` does, into the existing folder `out`: loads the targets of the
/// record's rows, which decide its codec, and trains. Returns the run's figures, for its manifest.
Json train_mlp_decoder(const data::Subject& subject,
                       const std::string& codec,
                       decoding::DecoderRecord record,
                       const training::MlpTraining& training,
                       const std::filesystem::path& out);
Json train_ridge_decoder(const data::Subject& subject,
                         const std::string& codec,
                         decoding::DecoderRecord record,
                         const decoding::RidgeTrainingOptions& options,
                         const std::filesystem::path& out);

}  // namespace fmri2img::commands
