#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"
#include "fmri2img/models/latent_codec.h"

namespace fmri2img::data {
class Subject;
}

namespace fmri2img::training {

/// What a decoder learns to predict.
struct Targets {
  Json codec;  ///< kept with the decoder, for `models::make_codec`
  models::LatentShape shape;
  at::Tensor latents;  ///< [rows, C, h, w] float32, at the scale of the codec
};

/// The latents of the training pictures `rows`, in the order given.
///
/// `codec`: "vae" reads the subject's fMRI_VAE.npy (the record beside it says which codec made it), "pixels" the
/// pictures themselves (grey where every one is grey),
/// "" takes the file where there is one, else the pictures.
/// Throws Error if what is asked for is not there; the message says what makes it.
Targets load_targets(const data::Subject& subject, const std::string& codec, const std::vector<int64_t>& rows);

/// Shape of what `load_targets` would load, from the header of the latents or the first picture: nothing large is read.
/// Of pixels the first picture decides whether they are grey, so a colourful one among later ones is not foreseen.
/// Throws Error as load_targets does.
models::LatentShape target_shape(const data::Subject& subject,
                                 const std::string& codec,
                                 const std::vector<int64_t>& rows);

}  // namespace fmri2img::training
