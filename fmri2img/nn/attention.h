#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/pimpl.h>

#include "fmri2img/nn/group_norm.h"
#include "fmri2img/nn/linear.h"

namespace fmri2img::nn {

/// softmax(q k^T / sqrt(d)) v. Shape: q [B, heads, T, d], k and v [B, heads, S, d] -> [B, heads, T, d].
at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v);

/// The same where position t sees the positions up to t. REQUIRES: T = S.
at::Tensor causal_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v);

/// [B, T, heads d] -> [B, heads, T, d] and back.
at::Tensor split_heads(const at::Tensor& tokens, int64_t heads);
at::Tensor merge_heads(const at::Tensor& heads);

/// `attention` of tokens with several heads, by the fastest kernel for them; differentiable.
/// Shape: q [B, T, heads d], k and v [B, S, heads d] -> [B, T, heads d].
at::Tensor multi_head_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int64_t heads);

struct SpatialAttentionOptions {
  int64_t channels = 0;
  int64_t groups = 32;
  double eps = 1e-6;
};

/// x + single-head self-attention over the H x W positions of the normalised feature map.
///
/// Names as in diffusers: `group_norm`, `to_q`, `to_k`, `to_v`, `to_out.0`.
/// Source: diffusers.models.attention_processor.Attention as UNetMidBlock2D makes it (one head, residual connection).
class SpatialAttentionImpl : public torch::nn::Module {
 public:
  explicit SpatialAttentionImpl(const SpatialAttentionOptions& options);
  void reset_parameters(const at::Generator& generator);

  /// Shape: [N, C, H, W] -> the same.
  at::Tensor forward(const at::Tensor& input);

  GroupNorm group_norm;
  Linear to_q, to_k, to_v;
  torch::nn::ModuleList to_out;
};
TORCH_MODULE(SpatialAttention);

}  // namespace fmri2img::nn
