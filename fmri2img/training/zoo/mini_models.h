#pragma once

#include <cstdint>

#include "fmri2img/core/json.h"

namespace fmri2img::training {

/// The `config.json` of each model of the mini zoo: small enough to be trained in an evening on two cores, otherwise of
/// the kinds and by the keys of Stable Diffusion, CLIP and BLIP.

/// Pictures are 64 x 64, latents 4 x 16 x 16. The scaling factor is set when it is trained.
Json mini_autoencoder();

}  // namespace fmri2img::training
