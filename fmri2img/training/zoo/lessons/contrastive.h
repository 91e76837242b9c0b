#pragma once

#include <ATen/core/Tensor.h>

#include "fmri2img/core/json.h"
#include "fmri2img/models/clip/clip_model.h"
#include "fmri2img/models/image_processor.h"
#include "fmri2img/text/byte_pair_tokenizer.h"
#include "fmri2img/training/zoo/pictures/captioned_pictures.h"

namespace fmri2img::training {

/// Cross-entropy of every picture's caption among those of the step, and of every caption's picture; a caption that
/// equals another picture's does not count against it. Source: Radford et al. (2021), section 2.3.
/// Shape: logits [N, N] of pictures and captions in the same order, token ids of the captions [N, T] -> scalar.
at::Tensor contrastive_loss(const at::Tensor& logits, const at::Tensor& ids);

/// "caption_top1_of_100" and, of blurred pictures among the sharp ones, "blurred_two_way".
Json clip_figures(models::ClipModel model,
                  const models::ImageProcessorOptions& processor,
                  const text::BytePairTokenizer& tokenizer,
                  const CaptionedPictures& pictures);

/// How often a picture is nearer to its own caption than to another picture's.
double caption_two_way(models::ClipModel model,
                       const models::ImageProcessorOptions& processor,
                       const text::BytePairTokenizer& tokenizer,
                       const CaptionedPictures& pictures);

}  // namespace fmri2img::training
