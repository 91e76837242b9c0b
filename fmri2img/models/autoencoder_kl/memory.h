#pragma once

#include <c10/core/ScalarType.h>

#include <cstdint>

#include "fmri2img/models/autoencoder_kl/options.h"

namespace fmri2img::models {

/// Bytes that a picture of this size is expected to take on its way to latents or back, weights not counted: those of
/// the maps at the finest level, beside which all others are small, a diffusion network's too. From measurements at 512
/// x 512 with Stable Diffusion's (128 channels there): 8 KiB a pixel in float32, a third of it in 16-bit types. At most
/// the largest int64_t.
int64_t autoencoder_bytes(const AutoencoderKLOptions& options, at::ScalarType dtype, int64_t height, int64_t width);

}  // namespace fmri2img::models
