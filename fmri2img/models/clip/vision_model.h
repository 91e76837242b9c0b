#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include "fmri2img/models/clip/encoder.h"
#include "fmri2img/models/clip/options.h"
#include "fmri2img/nn/embedding.h"
#include "fmri2img/nn/patch_embedding.h"

namespace fmri2img::models {

/// The patches of a picture as tokens, after one token for the whole.
class ClipVisionEmbeddingsImpl : public torch::nn::Module {
 public:
  explicit ClipVisionEmbeddingsImpl(const ClipVisionOptions& options);
  void reset_parameters(const at::Generator& generator);

  /// Shape: pictures [B, 3, S, S] -> [B, 1 + patches, D].
  at::Tensor forward(const at::Tensor& pictures);

  at::Tensor class_embedding;  // [D]
  nn::PatchEmbedding patch_embedding;
  nn::Embedding position_embedding;
};
TORCH_MODULE(ClipVisionEmbeddings);

/// CLIP's picture tower, without a projection. (`pre_layrnorm` is misspelt in every file.)
class ClipVisionTransformerImpl : public torch::nn::Module {
 public:
  explicit ClipVisionTransformerImpl(const ClipVisionOptions& options);
  void reset_parameters(const at::Generator& generator);

  /// The normalised state of the first token, which stands for the picture.
  ///
  /// Shape: normalised pictures [B, 3, S, S], S = image_size -> [B, D]. Throws Error for another size.
  at::Tensor forward(const at::Tensor& pictures);

  const ClipVisionOptions& options() const { return options_; }

  ClipVisionEmbeddings embeddings;
  nn::LayerNorm pre_layrnorm;
  ClipEncoder encoder;
  nn::LayerNorm post_layernorm;

 private:
  ClipVisionOptions options_;
};
TORCH_MODULE(ClipVisionTransformer);

}  // namespace fmri2img::models
