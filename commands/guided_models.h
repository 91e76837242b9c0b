#pragma once

#include <c10/core/Device.h>

#include <string>

#include "fmri2img/reconstruction/ensemble/ensemble.h"
#include "fmri2img/reconstruction/job.h"

namespace fmri2img::commands {

/// Adds how captions, high-level images and embeddings are made to the openers of a run. `dtype` is fp32 or bf16.
void add_guided_models(reconstruction::ModelOpeners& open,
                       const reconstruction::Ensemble& ensemble,
                       const std::string& dtype,
                       at::Device device);

}  // namespace fmri2img::commands
