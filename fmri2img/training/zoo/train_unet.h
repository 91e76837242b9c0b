#pragma once

#include "fmri2img/training/zoo/zoo_job.h"

namespace fmri2img::training {

/// Trains a latent diffusion model on the zoo's autoencoder and text encoder, which are there already, and writes what
/// is left of `stable-diffusion/`: `unet/`, `scheduler/` and model_index.json. Returns the card's figures: the lesson's
/// and, of pictures that the whole pipeline draws from captions alone, what the zoo's CLIP says of them. Goes on where
/// an earlier run of the same job was cut. Throws Error if another model has to be trained before.
Json train_unet(const ZooJob& job);

}  // namespace fmri2img::training
