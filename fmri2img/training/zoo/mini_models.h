#pragma once

#include <cstdint>

#include "fmri2img/core/json.h"
#include "fmri2img/text/vocabulary.h"

namespace fmri2img::training {

/// The configuration files of the mini zoo's models: small enough to be trained in an evening on two cores, otherwise
/// of the kinds and by the keys of Stable Diffusion, CLIP and BLIP.

/// Tokens of a text for CLIP and the UNet, begin and end included.
inline constexpr int64_t kMiniTextLength = 24;

/// Pictures are 64 x 64, latents 4 x 16 x 16. The scaling factor is set when it is trained.
Json mini_autoencoder();

/// `vocab_size` is that of a learned vocabulary, whose last two tokens are begin and end.
Json mini_clip(int64_t vocab_size);
Json mini_clip_processor();

/// The text tower of `mini_clip` by itself.
Json mini_text_encoder(const Json& clip);

/// `vocabulary` is a learned one for word pieces, with BLIP's own tokens.
Json mini_blip(const text::Vocabulary& vocabulary);
Json mini_blip_processor();

/// Noise and network of latent diffusion.
Json mini_scheduler();
Json mini_unet();

/// The `model_index.json` around them.
Json mini_pipeline();

}  // namespace fmri2img::training
