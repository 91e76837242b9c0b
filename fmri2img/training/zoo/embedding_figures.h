#pragma once

#include <ATen/core/Tensor.h>

namespace fmri2img::training {

/// What the cards of CLIP and of the diffusion model tell, from embeddings of any length, [N, D] each.

/// How often, of 100 captions, the nearest to a picture is its own: over groups of 100 (or of all, if there are fewer),
/// what is left over does not count. Equal captions are different ones.
double caption_top1(const at::Tensor& pictures, const at::Tensor& captions);

/// How often a picture is nearer to its own target than to another picture's: two-way identification.
double two_way(const at::Tensor& pictures, const at::Tensor& targets);

}  // namespace fmri2img::training
