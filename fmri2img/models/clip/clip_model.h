#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include "fmri2img/models/clip/options.h"
#include "fmri2img/models/clip/text_model.h"
#include "fmri2img/models/clip/vision_model.h"

namespace fmri2img::models {

/// CLIP: pictures and texts as vectors of one space, in which what belongs together is near.
///
/// Names as in transformers' CLIPModel, and without a text tower as in CLIPVisionModelWithProjection. The weights'
/// memory is unset until `reset_parameters` or they are loaded.
/// Source: transformers 5.24, modeling_clip.py; Radford et al., "Learning transferable visual models from natural
/// language supervision" (2021).
class ClipModelImpl : public torch::nn::Module {
 public:
  explicit ClipModelImpl(const ClipOptions& options);

  /// CLIP's standard deviations (those of transformers' `_init_weights`). The order of drawing is ours: pictures,
  /// texts, projections.
  void reset_parameters(const at::Generator& generator);

  /// Shape: normalised pictures [N, 3, S, S] -> [N, P], not of unit length.
  at::Tensor embed_pictures(const at::Tensor& pictures);

  /// Shape: token ids [M, T] int64 -> [M, P], not of unit length.
  /// Throws Error for ids that the model does not know; REQUIRES: has_text().
  at::Tensor embed_texts(const at::Tensor& ids);

  /// What a contrastive loss, or the softmax of zero-shot classification, is taken of: cosines times
  /// exp(`logit_scale`).
  ///
  /// Shape: embeddings [N, P] and [M, P] -> [N, M]. REQUIRES: has_text().
  at::Tensor logits(const at::Tensor& picture_embeddings, const at::Tensor& text_embeddings) const;

  bool has_text() const { return !text_model.is_empty(); }

  /// Frees the text tower: the model is then one without.
  void drop_text();

  const ClipOptions& options() const { return options_; }

  ClipTextTransformer text_model{nullptr};
  ClipVisionTransformer vision_model;
  nn::Linear visual_projection;
  nn::Linear text_projection{nullptr};
  at::Tensor logit_scale;  // scalar

 private:
  ClipOptions options_;
};
TORCH_MODULE(ClipModel);

}  // namespace fmri2img::models
