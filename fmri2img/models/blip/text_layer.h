#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include "fmri2img/models/blip/key_value_cache.h"
#include "fmri2img/models/blip/options.h"
#include "fmri2img/nn/layer_norm.h"
#include "fmri2img/nn/linear.h"

namespace fmri2img::models {

// One layer of BLIP's text decoder, a BERT layer with cross-attention: each part is normalised after its residual.
// Shape letters: R rows, T tokens of each, C = hidden_size. Names and mathematics are those of
// transformers.models.blip.

/// `query`, `key`, `value`: the projections of an attention.
class BlipTextProjectionsImpl : public torch::nn::Module {
 public:
  /// `source` is the width of what keys and values are made of.
  BlipTextProjectionsImpl(const BlipTextOptions& options, int64_t source);

  /// Shape: [R, S, source] -> [R, heads, S, C / heads].
  KeysValues look_at(const at::Tensor& source);

  /// Shape: [R, T, C] -> [R, heads, T, C / heads].
  at::Tensor ask(const at::Tensor& hidden);

  nn::Linear query{nullptr};
  nn::Linear key{nullptr};
  nn::Linear value{nullptr};

 private:
  int64_t heads_;
};
TORCH_MODULE(BlipTextProjections);

/// LayerNorm(dense(x) + residual): `dense`, `LayerNorm`.
class BlipTextOutputImpl : public torch::nn::Module {
 public:
  BlipTextOutputImpl(const BlipTextOptions& options, int64_t in_features);
  at::Tensor forward(const at::Tensor& input, const at::Tensor& residual);

  nn::Linear dense{nullptr};
  nn::LayerNorm LayerNorm{nullptr};
};
TORCH_MODULE(BlipTextOutput);

/// `self`, `output`.
class BlipTextAttentionImpl : public torch::nn::Module {
 public:
  BlipTextAttentionImpl(const BlipTextOptions& options, int64_t source);

  BlipTextProjections self{nullptr};
  BlipTextOutput output{nullptr};
};
TORCH_MODULE(BlipTextAttention);

/// `dense` and the activation.
class BlipTextIntermediateImpl : public torch::nn::Module {
 public:
  explicit BlipTextIntermediateImpl(const BlipTextOptions& options);
  at::Tensor forward(const at::Tensor& hidden);

  nn::Linear dense{nullptr};

 private:
  nn::Activation activation_;
};
TORCH_MODULE(BlipTextIntermediate);

/// `attention`, `crossattention`, `intermediate`, `output`.
class BlipTextLayerImpl : public torch::nn::Module {
 public:
  BlipTextLayerImpl(const BlipTextOptions& options, int64_t index);

  /// Shape: hidden [R, T, C] -> the same.
  /// `picture` is `look_at` of `crossattention.self` for B pictures, each of which has R / B rows beside each other.
  /// Position t sees the positions up to t. With `cache` the tokens follow those that it holds.
  /// REQUIRES: B divides R; T = 1 where the cache holds tokens.
  at::Tensor forward(const at::Tensor& hidden, const KeysValues& picture, KeyValueCache* cache);

  BlipTextAttention attention{nullptr};
  BlipTextAttention crossattention{nullptr};
  BlipTextIntermediate intermediate{nullptr};
  BlipTextOutput output{nullptr};

 private:
  at::Tensor attend_to_text(const at::Tensor& hidden, KeyValueCache* cache);
  at::Tensor attend_to_picture(const at::Tensor& hidden, const KeysValues& picture);

  int64_t index_;
};
TORCH_MODULE(BlipTextLayer);

}  // namespace fmri2img::models
