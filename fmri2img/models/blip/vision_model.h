#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/pimpl.h>

#include "fmri2img/models/blip/options.h"
#include "fmri2img/nn/layer_norm.h"
#include "fmri2img/nn/linear.h"
#include "fmri2img/nn/patch_embedding.h"

namespace fmri2img::models {

// BLIP's vision tower, a transformer that normalises before each half of a layer. Shape letters: B pictures, S their
// patches and the class token, C = hidden_size. Names and mathematics are those of transformers.models.blip.

/// Patches to vectors: `class_embedding`, `patch_embedding`, `position_embedding`.
class BlipVisionEmbeddingsImpl : public torch::nn::Module {
 public:
  explicit BlipVisionEmbeddingsImpl(const BlipVisionOptions& options);

  /// Shape: [B, 3, H, H] -> [B, S, C].
  at::Tensor forward(const at::Tensor& pictures);

  at::Tensor class_embedding;     ///< [1, 1, C]
  at::Tensor position_embedding;  ///< [1, S, C]
  nn::PatchEmbedding patch_embedding{nullptr};
};
TORCH_MODULE(BlipVisionEmbeddings);

/// Self-attention: `qkv`, `projection`.
class BlipVisionAttentionImpl : public torch::nn::Module {
 public:
  explicit BlipVisionAttentionImpl(const BlipVisionOptions& options);
  at::Tensor forward(const at::Tensor& hidden);

  nn::Linear qkv{nullptr};
  nn::Linear projection{nullptr};

 private:
  int64_t heads_;
};
TORCH_MODULE(BlipVisionAttention);

/// `fc1`, activation, `fc2`.
class BlipVisionMlpImpl : public torch::nn::Module {
 public:
  explicit BlipVisionMlpImpl(const BlipVisionOptions& options);
  at::Tensor forward(const at::Tensor& hidden);

  nn::Linear fc1{nullptr};
  nn::Linear fc2{nullptr};

 private:
  nn::Activation activation_;
};
TORCH_MODULE(BlipVisionMlp);

/// `layer_norm1`, `self_attn`, `layer_norm2`, `mlp`.
class BlipVisionLayerImpl : public torch::nn::Module {
 public:
  explicit BlipVisionLayerImpl(const BlipVisionOptions& options);
  at::Tensor forward(const at::Tensor& hidden);

  BlipVisionAttention self_attn{nullptr};
  nn::LayerNorm layer_norm1{nullptr};
  BlipVisionMlp mlp{nullptr};
  nn::LayerNorm layer_norm2{nullptr};
};
TORCH_MODULE(BlipVisionLayer);

/// `layers.N`.
class BlipVisionEncoderImpl : public torch::nn::Module {
 public:
  explicit BlipVisionEncoderImpl(const BlipVisionOptions& options);
  at::Tensor forward(at::Tensor hidden);

  torch::nn::ModuleList layers;
};
TORCH_MODULE(BlipVisionEncoder);

/// Pictures to what the text decoder looks at: `embeddings`, `encoder`, `post_layernorm`.
class BlipVisionModelImpl : public torch::nn::Module {
 public:
  explicit BlipVisionModelImpl(const BlipVisionOptions& options);

  /// Shape: pictures [B, 3, H, H], normalised -> [B, S, C]. REQUIRES: H = image_size.
  at::Tensor forward(const at::Tensor& pictures);

  BlipVisionEmbeddings embeddings{nullptr};
  BlipVisionEncoder encoder{nullptr};
  nn::LayerNorm post_layernorm{nullptr};
};
TORCH_MODULE(BlipVisionModel);

}  // namespace fmri2img::models
