#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/pimpl.h>

#include <vector>

#include "fmri2img/models/blip/key_value_cache.h"
#include "fmri2img/models/blip/options.h"
#include "fmri2img/models/blip/text_layer.h"
#include "fmri2img/nn/embedding.h"
#include "fmri2img/nn/layer_norm.h"
#include "fmri2img/nn/linear.h"

namespace fmri2img::models {

// BLIP's text decoder. Shape letters: B pictures, R rows of T tokens (R / B rows beside each other for each picture),
// S positions of a picture, C = hidden_size, V = vocab_size. Names and mathematics are those of
// transformers.models.blip.

/// What the cross-attention of each layer sees of some pictures.
using PictureKeysValues = std::vector<KeysValues>;

/// `word_embeddings`, `position_embeddings`, `LayerNorm`.
class BlipTextEmbeddingsImpl : public torch::nn::Module {
 public:
  explicit BlipTextEmbeddingsImpl(const BlipTextOptions& options);

  /// Shape: ids int64 [R, T], at positions `first` ... -> [R, T, C].
  at::Tensor forward(const at::Tensor& ids, int64_t first);

  nn::Embedding word_embeddings{nullptr};
  nn::Embedding position_embeddings{nullptr};
  nn::LayerNorm LayerNorm{nullptr};
};
TORCH_MODULE(BlipTextEmbeddings);

/// `layer.N`.
class BlipTextEncoderImpl : public torch::nn::Module {
 public:
  explicit BlipTextEncoderImpl(const BlipTextOptions& options);

  torch::nn::ModuleList layer;
};
TORCH_MODULE(BlipTextEncoder);

/// Everything but the head: `embeddings`, `encoder`.
class BlipBertImpl : public torch::nn::Module {
 public:
  explicit BlipBertImpl(const BlipTextOptions& options);

  BlipTextEmbeddings embeddings{nullptr};
  BlipTextEncoder encoder{nullptr};
};
TORCH_MODULE(BlipBert);

/// `dense`, activation, `LayerNorm`.
class BlipHeadTransformImpl : public torch::nn::Module {
 public:
  explicit BlipHeadTransformImpl(const BlipTextOptions& options);
  at::Tensor forward(const at::Tensor& hidden);

  nn::Linear dense{nullptr};
  nn::LayerNorm LayerNorm{nullptr};

 private:
  nn::Activation activation_;
};
TORCH_MODULE(BlipHeadTransform);

/// Scores of all words: `transform`, `bias`, and where the matrix is not that of the embeddings, `decoder`.
class BlipPredictionsImpl : public torch::nn::Module {
 public:
  explicit BlipPredictionsImpl(const BlipTextOptions& options);

  /// Shape: hidden [..., C], embeddings [V, C] -> [..., V].
  at::Tensor forward(const at::Tensor& hidden, const at::Tensor& embeddings);

  BlipHeadTransform transform{nullptr};
  nn::Linear decoder{nullptr};  ///< null where the embeddings serve
  at::Tensor bias;              ///< [V]
};
TORCH_MODULE(BlipPredictions);

/// `predictions`.
class BlipHeadImpl : public torch::nn::Module {
 public:
  explicit BlipHeadImpl(const BlipTextOptions& options);

  BlipPredictions predictions{nullptr};
};
TORCH_MODULE(BlipHead);

/// Scores of the next word, of a text about a picture: `bert`, `cls`.
class BlipTextDecoderImpl : public torch::nn::Module {
 public:
  explicit BlipTextDecoderImpl(const BlipTextOptions& options);

  /// Shape: embeds [B, S, D], as the vision tower gives them.
  PictureKeysValues look_at(const at::Tensor& embeds);

  /// Shape: ids [R, T] -> logits [R, T, V] of the word after each. Differentiable.
  /// REQUIRES: T <= max_position_embeddings, and 0 <= id < V for every id.
  at::Tensor forward(const at::Tensor& ids, const PictureKeysValues& pictures);

  /// The same for the tokens that follow those in `cache`, after the last of them only -> [R, V]. Not differentiable.
  /// REQUIRES: T = 1 where the cache holds tokens.
  at::Tensor next(const at::Tensor& ids, const PictureKeysValues& pictures, KeyValueCache& cache);

  BlipBert bert{nullptr};
  BlipHead cls{nullptr};

 private:
  at::Tensor run_layers(const at::Tensor& ids, const PictureKeysValues& pictures, KeyValueCache* cache);
  at::Tensor predict(const at::Tensor& hidden);
};
TORCH_MODULE(BlipTextDecoder);

}  // namespace fmri2img::models
