#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/pimpl.h>

#include "fmri2img/nn/conv2d.h"
#include "fmri2img/nn/group_norm.h"
#include "fmri2img/nn/layer_norm.h"
#include "fmri2img/nn/linear.h"

namespace fmri2img::models {

/// Attention of the tokens to themselves, or to those of another width (the text).
///
/// Names as in diffusers: `to_q`, `to_k`, `to_v` (without bias), `to_out.0`.
class CrossAttentionImpl : public torch::nn::Module {
 public:
  CrossAttentionImpl(int64_t channels, int64_t context_channels, int64_t heads);
  void reset_parameters(const at::Generator& generator);

  /// Shape: tokens [N, T, C], context [N, S, D] -> [N, T, C].
  at::Tensor forward(const at::Tensor& tokens, const at::Tensor& context);

  nn::Linear to_q{nullptr}, to_k{nullptr}, to_v{nullptr};
  torch::nn::ModuleList to_out;

 private:
  int64_t heads_;
};
TORCH_MODULE(CrossAttention);

/// Linear to 8 C, one half times the GELU of the other, linear back to C: `net.0.proj`, `net.2`.
/// Source: diffusers' FeedForward with GEGLU, https://arxiv.org/abs/2002.05202.
class FeedForwardImpl : public torch::nn::Module {
 public:
  explicit FeedForwardImpl(int64_t channels);
  void reset_parameters(const at::Generator& generator);
  at::Tensor forward(const at::Tensor& tokens);

 private:
  nn::Linear inner_, outer_;
};
TORCH_MODULE(FeedForward);

/// Self-attention, attention to the text, feed-forward, each behind a layer norm and around a shortcut.
/// Names as in diffusers' BasicTransformerBlock: `norm1`, `attn1`, `norm2`, `attn2`, `norm3`, `ff`.
class TransformerBlockImpl : public torch::nn::Module {
 public:
  TransformerBlockImpl(int64_t channels, int64_t context_channels, int64_t heads);
  void reset_parameters(const at::Generator& generator);
  at::Tensor forward(const at::Tensor& tokens, const at::Tensor& text);

  nn::LayerNorm norm1{nullptr}, norm2{nullptr}, norm3{nullptr};
  CrossAttention attn1{nullptr}, attn2{nullptr};
  FeedForward ff{nullptr};
};
TORCH_MODULE(TransformerBlock);

struct TransformerOptions {
  int64_t channels = 0;
  int64_t context_channels = 0;
  int64_t heads = 0;
  int64_t layers = 1;
  int64_t groups = 32;
  bool linear_projection = false;  ///< Stable Diffusion 2.x; the weights of 1.x are those of 1x1 convolutions
};

/// Transformer blocks over the positions of a feature map, around a shortcut.
/// Names as in diffusers' Transformer2DModel: `norm`, `proj_in`, `transformer_blocks.N`, `proj_out`.
class SpatialTransformerImpl : public torch::nn::Module {
 public:
  explicit SpatialTransformerImpl(const TransformerOptions& options);
  void reset_parameters(const at::Generator& generator);

  /// Shape: map [N, C, H, W], text [N, T, D] -> [N, C, H, W].
  at::Tensor forward(const at::Tensor& map, const at::Tensor& text);

 private:
  /// `proj_in` and `proj_out`, which are linear layers of tokens in either form.
  struct Projection {
    nn::Linear linear{nullptr};
    nn::Conv2d conv{nullptr};
    at::Tensor operator()(const at::Tensor& tokens);
    at::ScalarType dtype() const;
    void reset_parameters(const at::Generator& generator);
  };
  Projection make_projection(const std::string& name, const TransformerOptions& options);

  nn::GroupNorm norm_;
  Projection proj_in_, proj_out_;
  torch::nn::ModuleList transformer_blocks_;
};
TORCH_MODULE(SpatialTransformer);

}  // namespace fmri2img::models
