#pragma once

#include "fmri2img/training/zoo/zoo_job.h"

namespace fmri2img::training {

/// Trains the mini zoo's AutoencoderKL and writes `stable-diffusion/vae`; returns its figures. Its scaling factor
/// brings the latents to a deviation of 1. Resumable; randomness: `ZooJob::seed`. Throws Error as LessonTrainer does.
Json train_autoencoder(const ZooJob& job);

}  // namespace fmri2img::training
