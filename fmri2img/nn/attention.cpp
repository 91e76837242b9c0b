#include "fmri2img/nn/attention.h"

#include <ATen/ATen.h>

#include "fmri2img/nn/feature_map.h"
#include "fmri2img/nn/fused_attention.h"

namespace fmri2img::nn {

at::Tensor attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
  return at::scaled_dot_product_attention(q, k, v);
}

at::Tensor causal_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v) {
  return at::scaled_dot_product_attention(q, k, v, /*attn_mask=*/{}, /*dropout_p=*/0.0, /*is_causal=*/true);
}

at::Tensor split_heads(const at::Tensor& tokens, int64_t heads) {
  return tokens.unflatten(-1, {heads, tokens.size(-1) / heads}).transpose(1, 2);
}

at::Tensor merge_heads(const at::Tensor& heads) {
  return heads.transpose(1, 2).flatten(2);
}

at::Tensor multi_head_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int64_t heads) {
  if (suits_fused_attention(q, k, v, heads)) return fused_attention(q, k, v, heads);
  return merge_heads(attention(split_heads(q, heads), split_heads(k, heads), split_heads(v, heads)));
}

SpatialAttentionImpl::SpatialAttentionImpl(const SpatialAttentionOptions& options)
    : group_norm(GroupNormOptions{.groups = options.groups, .channels = options.channels, .eps = options.eps}),
      to_q(LinearOptions{options.channels, options.channels}),
      to_k(LinearOptions{options.channels, options.channels}),
      to_v(LinearOptions{options.channels, options.channels}) {
  register_module("group_norm", group_norm);
  register_module("to_q", to_q);
  register_module("to_k", to_k);
  register_module("to_v", to_v);
  register_module("to_out", to_out);
  to_out->push_back(Linear(LinearOptions{options.channels, options.channels}));
}

void SpatialAttentionImpl::reset_parameters(const at::Generator& generator) {
  group_norm->reset_parameters();
  to_q->reset_parameters(generator);
  to_k->reset_parameters(generator);
  to_v->reset_parameters(generator);
  to_out->at<LinearImpl>(0).reset_parameters(generator);
}

at::Tensor SpatialAttentionImpl::forward(const at::Tensor& input) {
  const at::Tensor tokens = map_to_tokens(group_norm(input), to_q->dtype());
  const at::Tensor mixed = multi_head_attention(to_q(tokens), to_k(tokens), to_v(tokens), /*heads=*/1);
  return add_tokens(input, to_out->at<LinearImpl>(0).forward(mixed));
}

}  // namespace fmri2img::nn
