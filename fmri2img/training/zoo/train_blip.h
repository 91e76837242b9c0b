#pragma once

#include "fmri2img/training/zoo/zoo_job.h"

namespace fmri2img::training {

/// Learns a vocabulary from the captions, trains a BLIP on the job's pictures and, where these are drawn scenes, on
/// pictures decoded from the responses of practice subjects (for which the zoo's autoencoder is there already), and
/// writes it to `blip/`. Returns the card's figures. Goes on where an earlier run of the same job was cut.
/// Throws Error if the autoencoder has to be trained before.
Json train_blip(const ZooJob& job);

}  // namespace fmri2img::training
