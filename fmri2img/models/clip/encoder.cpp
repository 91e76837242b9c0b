#include "fmri2img/models/clip/encoder.h"

#include <ATen/ATen.h>

#include <cmath>

#include "fmri2img/nn/attention.h"
#include "fmri2img/nn/init.h"

namespace fmri2img::models {
namespace {

nn::Linear square(const ClipEncoderOptions& options) {
  return nn::Linear(nn::LinearOptions{options.hidden_size, options.hidden_size});
}

nn::LayerNorm norm_of(const ClipEncoderOptions& options) {
  return nn::LayerNorm(nn::LayerNormOptions{options.hidden_size, options.layer_norm_eps});
}

double narrow_deviation(const ClipEncoderOptions& options) {
  return std::pow(options.hidden_size, -0.5) * std::pow(2 * options.num_hidden_layers, -0.5);
}

void draw(nn::Linear& linear, double deviation, const at::Generator& generator) {
  nn::normal_(linear->weight, deviation, generator);
  const at::NoGradGuard no_grad;
  linear->bias.zero_();
}

}  // namespace

ClipAttentionImpl::ClipAttentionImpl(const ClipEncoderOptions& options)
    : q_proj(square(options)),
      k_proj(square(options)),
      v_proj(square(options)),
      out_proj(square(options)),
      heads_(options.num_attention_heads),
      inner_deviation_(narrow_deviation(options)),
      outer_deviation_(std::pow(options.hidden_size, -0.5)) {
  register_module("q_proj", q_proj);
  register_module("k_proj", k_proj);
  register_module("v_proj", v_proj);
  register_module("out_proj", out_proj);
}

void ClipAttentionImpl::reset_parameters(const at::Generator& generator) {
  for (nn::Linear* linear : {&q_proj, &k_proj, &v_proj}) draw(*linear, inner_deviation_, generator);
  draw(out_proj, outer_deviation_, generator);
}

at::Tensor ClipAttentionImpl::forward(const at::Tensor& hidden, ClipAttentionKind kind) {
  const at::Tensor q = q_proj(hidden), k = k_proj(hidden), v = v_proj(hidden);
  if (kind == ClipAttentionKind::kAll) return out_proj(nn::multi_head_attention(q, k, v, heads_));
  const auto split = [&](const at::Tensor& tokens) { return nn::split_heads(tokens, heads_); };
  return out_proj(nn::merge_heads(nn::causal_attention(split(q), split(k), split(v))));
}

ClipMlpImpl::ClipMlpImpl(const ClipEncoderOptions& options)
    : fc1(nn::LinearOptions{options.hidden_size, options.intermediate_size}),
      fc2(nn::LinearOptions{options.intermediate_size, options.hidden_size}),
      activation_(options.hidden_act),
      first_deviation_(std::pow(2 * options.hidden_size, -0.5)),
      second_deviation_(narrow_deviation(options)) {
  register_module("fc1", fc1);
  register_module("fc2", fc2);
}

void ClipMlpImpl::reset_parameters(const at::Generator& generator) {
  draw(fc1, first_deviation_, generator);
  draw(fc2, second_deviation_, generator);
}

at::Tensor ClipMlpImpl::forward(const at::Tensor& hidden) {
  return fc2(nn::activate(fc1(hidden), activation_));
}

ClipEncoderLayerImpl::ClipEncoderLayerImpl(const ClipEncoderOptions& options)
    : self_attn(options), layer_norm1(norm_of(options)), mlp(options), layer_norm2(norm_of(options)) {
  register_module("self_attn", self_attn);
  register_module("layer_norm1", layer_norm1);
  register_module("mlp", mlp);
  register_module("layer_norm2", layer_norm2);
}

void ClipEncoderLayerImpl::reset_parameters(const at::Generator& generator) {
  self_attn->reset_parameters(generator);
  layer_norm1->reset_parameters();
  mlp->reset_parameters(generator);
  layer_norm2->reset_parameters();
}

at::Tensor ClipEncoderLayerImpl::forward(const at::Tensor& hidden, ClipAttentionKind kind) {
  const at::Tensor mixed = hidden + self_attn(layer_norm1(hidden), kind);
  return mixed + mlp(layer_norm2(mixed));
}

ClipEncoderImpl::ClipEncoderImpl(const ClipEncoderOptions& options) {
  register_module("layers", layers);
  for (int64_t i = 0; i < options.num_hidden_layers; ++i) layers->push_back(ClipEncoderLayer(options));
}

void ClipEncoderImpl::reset_parameters(const at::Generator& generator) {
  for (const auto& layer : *layers) layer->as<ClipEncoderLayer>()->reset_parameters(generator);
}

at::Tensor ClipEncoderImpl::forward(at::Tensor hidden, ClipAttentionKind kind, int64_t skipped) {
  const auto used = static_cast<int64_t>(layers->size()) - skipped;
  for (int64_t i = 0; i < used; ++i) {
    hidden = layers[static_cast<size_t>(i)]->as<ClipEncoderLayer>()->forward(hidden, kind);
  }
  return hidden;
}

}  // namespace fmri2img::models
