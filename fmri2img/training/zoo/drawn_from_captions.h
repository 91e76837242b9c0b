#pragma once

#include <filesystem>

#include "fmri2img/core/json.h"
#include "fmri2img/training/zoo/pictures/captioned_pictures.h"

namespace fmri2img::training {

/// What the CLIP of a zoo says of pictures that its diffusion model draws from the captions of 100 pictures, from noise
/// on grey, guidance 6, 30 steps: "caption_top1_of_100", "two_way" among the captions' own pictures, and "cosine" with
/// them. Writes the contact sheet of the diffusion model: the captions' own pictures above the drawn ones.
Json judge_drawn_from_captions(const std::filesystem::path& zoo, const CaptionedPictures& pictures);

}  // namespace fmri2img::training
