#pragma once

#include "fmri2img/training/zoo/zoo_job.h"

namespace fmri2img::training {

/// Learns a vocabulary from the captions, trains a CLIP, lets its image tower practise on decoded pictures (with the
/// autoencoder of the zoo, unless the job is without practice), and writes it to `clip/`, its text tower and tokenizer
/// also to `stable-diffusion/`. Returns the card's figures. Goes on where an earlier run of the same job was cut.
Json train_clip(const ZooJob& job);

}  // namespace fmri2img::training
