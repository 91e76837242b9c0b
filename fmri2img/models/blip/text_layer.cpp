#include "fmri2img/models/blip/text_layer.h"

#include <ATen/ATen.h>

#include "fmri2img/nn/attention.h"

namespace fmri2img::models {

BlipTextProjectionsImpl::BlipTextProjectionsImpl(const BlipTextOptions& options, int64_t source)
    : heads_(options.num_attention_heads) {
  query = register_module("query", nn::Linear(nn::LinearOptions{options.hidden_size, options.hidden_size}));
  key = register_module("key", nn::Linear(nn::LinearOptions{source, options.hidden_size}));
  value = register_module("value", nn::Linear(nn::LinearOptions{source, options.hidden_size}));
}

KeysValues BlipTextProjectionsImpl::look_at(const at::Tensor& source) {
  return {nn::split_heads(key(source), heads_), nn::split_heads(value(source), heads_)};
}

at::Tensor BlipTextProjectionsImpl::ask(const at::Tensor& hidden) {
  return nn::split_heads(query(hidden), heads_);
}

BlipTextOutputImpl::BlipTextOutputImpl(const BlipTextOptions& options, int64_t in_features) {
  dense = register_module("dense", nn::Linear(nn::LinearOptions{in_features, options.hidden_size}));
  LayerNorm =
      register_module("LayerNorm", nn::LayerNorm(nn::LayerNormOptions{options.hidden_size, options.layer_norm_eps}));
}

at::Tensor BlipTextOutputImpl::forward(const at::Tensor& input, const at::Tensor& residual) {
  return LayerNorm(dense(input) + residual);
}

BlipTextAttentionImpl::BlipTextAttentionImpl(const BlipTextOptions& options, int64_t source) {
  self = register_module("self", BlipTextProjections(options, source));
  output = register_module("output", BlipTextOutput(options, options.hidden_size));
}

BlipTextIntermediateImpl::BlipTextIntermediateImpl(const BlipTextOptions& options) : activation_(options.hidden_act) {
  dense = register_module("dense", nn::Linear(nn::LinearOptions{options.hidden_size, options.intermediate_size}));
}

at::Tensor BlipTextIntermediateImpl::forward(const at::Tensor& hidden) {
  return nn::activate(dense(hidden), activation_);
}

BlipTextLayerImpl::BlipTextLayerImpl(const BlipTextOptions& options, int64_t index) : index_(index) {
  attention = register_module("attention", BlipTextAttention(options, options.hidden_size));
  crossattention = register_module("crossattention", BlipTextAttention(options, options.encoder_hidden_size));
  intermediate = register_module("intermediate", BlipTextIntermediate(options));
  output = register_module("output", BlipTextOutput(options, options.intermediate_size));
}

at::Tensor BlipTextLayerImpl::attend_to_text(const at::Tensor& hidden, KeyValueCache* cache) {
  const at::Tensor query = attention->self->ask(hidden);
  KeysValues seen = attention->self->look_at(hidden);
  if (cache) seen = cache->append(index_, seen);
  const at::Tensor mixed = query.size(2) == 1 ? nn::attention(query, seen.keys, seen.values)
                                              : nn::causal_attention(query, seen.keys, seen.values);
  return attention->output(nn::merge_heads(mixed), hidden);
}

at::Tensor BlipTextLayerImpl::attend_to_picture(const at::Tensor& hidden, const KeysValues& picture) {
  // The rows of one picture ask together, so that its keys are neither repeated nor read more than once.
  const at::Tensor asking = hidden.reshape({picture.keys.size(0), -1, hidden.size(2)});
  const at::Tensor mixed = nn::attention(crossattention->self->ask(asking), picture.keys, picture.values);
  return crossattention->output(nn::merge_heads(mixed).reshape(hidden.sizes()), hidden);
}

at::Tensor BlipTextLayerImpl::forward(const at::Tensor& hidden, const KeysValues& picture, KeyValueCache* cache) {
  const at::Tensor mixed = attend_to_picture(attend_to_text(hidden, cache), picture);
  return output(intermediate(mixed), mixed);
}

}  // namespace fmri2img::models
