#pragma once

#include <c10/core/Device.h>

#include <string>

#include "fmri2img/reconstruction/ensemble/ensemble.h"
#include "fmri2img/reconstruction/job.h"

namespace CLI {
class App;
}

namespace fmri2img::commands {

/// --dtype for captions and diffusion, which may also be "auto".
void add_guided_dtype(CLI::App& app, std::string& dtype);

/// fp32, bf16 or fp16 for captions and diffusion: as asked, and for "auto" bf16 on a GPU and where the processor has
/// it. The device decides where the user does not, so manifests record what was used.
std::string guided_dtype(const std::string& asked, at::Device device);

/// Evaluations of the network that a high-level image takes. Throws Error if the scheduler cannot make such a run.
int64_t count_evaluations(const reconstruction::Ensemble& ensemble);

/// Adds how captions, high-level images and embeddings are made to the openers of a run. `dtype` is fp32, bf16 or,
/// on a GPU alone, fp16: on a CPU an Error (wrong usage).
void add_guided_models(reconstruction::ModelOpeners& open,
                       const reconstruction::Ensemble& ensemble,
                       const std::string& dtype,
                       at::Device device);

}  // namespace fmri2img::commands
