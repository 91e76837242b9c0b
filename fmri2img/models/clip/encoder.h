#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/pimpl.h>

#include "fmri2img/models/clip/options.h"
#include "fmri2img/nn/layer_norm.h"
#include "fmri2img/nn/linear.h"

namespace fmri2img::models {

/// The transformer that both of CLIP's towers are made of. Names as in transformers.
///
/// Source: transformers 5.24, modeling_clip.py. In all shapes below: B pictures or texts, T positions, D hidden_size.

/// Which positions a position sees.
enum class ClipAttentionKind {
  kAll,
  kCausal,  ///< itself and those before it
};

/// Multi-head self-attention.
class ClipAttentionImpl : public torch::nn::Module {
 public:
  explicit ClipAttentionImpl(const ClipEncoderOptions& options);
  void reset_parameters(const at::Generator& generator);

  /// Shape: [B, T, D] -> the same.
  at::Tensor forward(const at::Tensor& hidden, ClipAttentionKind kind);

  nn::Linear q_proj, k_proj, v_proj, out_proj;

 private:
  int64_t heads_;
  double inner_deviation_;  ///< of initial weights
  double outer_deviation_;
};
TORCH_MODULE(ClipAttention);

class ClipMlpImpl : public torch::nn::Module {
 public:
  explicit ClipMlpImpl(const ClipEncoderOptions& options);
  void reset_parameters(const at::Generator& generator);

  /// Shape: [B, T, D] -> the same.
  at::Tensor forward(const at::Tensor& hidden);

  nn::Linear fc1, fc2;

 private:
  nn::Activation activation_;
  double first_deviation_;
  double second_deviation_;
};
TORCH_MODULE(ClipMlp);

/// Attention, then the MLP, each of the normalised states and added to them.
class ClipEncoderLayerImpl : public torch::nn::Module {
 public:
  explicit ClipEncoderLayerImpl(const ClipEncoderOptions& options);
  void reset_parameters(const at::Generator& generator);

  /// Shape: [B, T, D] -> the same.
  at::Tensor forward(const at::Tensor& hidden, ClipAttentionKind kind);

  ClipAttention self_attn;
  nn::LayerNorm layer_norm1;
  ClipMlp mlp;
  nn::LayerNorm layer_norm2;
};
TORCH_MODULE(ClipEncoderLayer);

class ClipEncoderImpl : public torch::nn::Module {
 public:
  explicit ClipEncoderImpl(const ClipEncoderOptions& options);

  /// CLIP's standard deviations: sqrt(1 / D) for what leaves the attention, sqrt(1 / (2 D)) for what enters the MLP,
  /// and sqrt(1 / (2 D layers)) for the others; biases are zero. Drawn layer by layer; the order is ours.
  void reset_parameters(const at::Generator& generator);

  /// Shape: [B, T, D] -> the same. The last `skipped` layers are left out.
  at::Tensor forward(at::Tensor hidden, ClipAttentionKind kind, int64_t skipped = 0);

  torch::nn::ModuleList layers;
};
TORCH_MODULE(ClipEncoder);

}  // namespace fmri2img::models
