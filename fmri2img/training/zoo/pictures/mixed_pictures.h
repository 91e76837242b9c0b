#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "fmri2img/models/image_processor.h"
#include "fmri2img/training/zoo/lessons/lesson.h"
#include "fmri2img/training/zoo/pictures/captioned_pictures.h"

namespace fmri2img::training {

/// Sharp pictures, and blurry ones as decoders make them, which may be missing (null). Both outlive it.
struct MixedPictures {
  const CaptionedPictures& sharp;
  const CaptionedPictures* decoded;
  int64_t decoded_of = 2;  ///< one of so many pictures is decoded
};

/// Pictures as a vision model wants them.
struct NormalisedBatch {
  at::Tensor pictures;  ///< float32 [N, 3, side, side]
  std::vector<std::string> captions;
};

/// A share of a step: the sharp ones, a fifth of them blurred, then the decoded ones.
NormalisedBatch read_mixed_share(const MixedPictures& pictures,
                                 const Share& share,
                                 const models::ImageProcessorOptions& processor);

}  // namespace fmri2img::training
