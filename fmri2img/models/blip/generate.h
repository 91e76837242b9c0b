#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "fmri2img/models/blip/blip.h"
#include "fmri2img/models/blip/generation_options.h"

namespace fmri2img::models {

/// The token ids of a text about each picture: the prompt, then what the model adds, the end token included where it
/// came.
///
/// Shape: pictures [B, 3, H, H], normalised, of the type of the model. `prompt` begins with bos_token_id.
/// Source: transformers 5.24, BlipForConditionalGeneration.generate, whose tokens these are. There the texts of a batch
/// are filled up to one length; here each has its own. The decoder works on all pictures at once, but a text depends on
/// its own picture only, up to the rounding of products of other shapes.
/// Throws Error (wrong usage) for options out of range, and where prompt and new tokens are more than the model has
/// positions for.
std::vector<std::vector<int64_t>> generate(Blip& model,
                                           const at::Tensor& pictures,
                                           const std::vector<int64_t>& prompt,
                                           const GenerationOptions& options);

}  // namespace fmri2img::models
