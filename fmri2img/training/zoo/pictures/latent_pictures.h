#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>

#include "fmri2img/text/byte_pair_tokenizer.h"
#include "fmri2img/training/zoo/pictures/captioned_pictures.h"

namespace fmri2img::training {

/// Captioned pictures as a diffusion model meets them.
struct LatentPictures {
  at::Tensor latents;  ///< float16 [N, C, h, w], scaled
  at::Tensor ids;      ///< int64 [N, length], of the captions
};

/// Encodes the first `count` pictures, or all, by the autoencoder in `vae`: samples of the posterior, by `seed`.
/// Throws Error if the autoencoder's pictures are of another size.
LatentPictures encode_captioned(const CaptionedPictures& pictures,
                                int64_t count,
                                const std::filesystem::path& vae,
                                const text::BytePairTokenizer& tokenizer,
                                uint64_t seed);

}  // namespace fmri2img::training
