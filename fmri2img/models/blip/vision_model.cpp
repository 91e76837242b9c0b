#include "fmri2img/models/blip/vision_model.h"

#include <ATen/ATen.h>

#include "fmri2img/nn/attention.h"

namespace fmri2img::models {
namespace {

nn::LayerNorm vision_norm(const BlipVisionOptions& options) {
  return nn::LayerNorm(nn::LayerNormOptions{options.hidden_size, options.layer_norm_eps});
}

}  // namespace

BlipVisionEmbeddingsImpl::BlipVisionEmbeddingsImpl(const BlipVisionOptions& options) {
  class_embedding = register_parameter("class_embedding", at::empty({1, 1, options.hidden_size}));
  position_embedding =
      register_parameter("position_embedding", at::empty({1, options.positions(), options.hidden_size}));
  const nn::PatchEmbeddingOptions patches{.width = options.hidden_size, .patch_size = options.patch_size, .bias = true};
  patch_embedding = register_module("patch_embedding", nn::PatchEmbedding(patches));
}

at::Tensor BlipVisionEmbeddingsImpl::forward(const at::Tensor& pictures) {
  const at::Tensor patches = patch_embedding(pictures);
  const at::Tensor first = class_embedding.to(patches.scalar_type()).expand({patches.size(0), -1, -1});
  return at::cat({first, patches}, 1) + position_embedding.to(patches.scalar_type());
}

BlipVisionAttentionImpl::BlipVisionAttentionImpl(const BlipVisionOptions& options)
    : heads_(options.num_attention_heads) {
  const int64_t width = options.hidden_size;
  qkv = register_module("qkv", nn::Linear(nn::LinearOptions{width, 3 * width}));
  projection = register_module("projection", nn::Linear(nn::LinearOptions{width, width}));
}

at::Tensor BlipVisionAttentionImpl::forward(const at::Tensor& hidden) {
  const std::vector<at::Tensor> parts = qkv(hidden).chunk(3, -1);
  return projection(nn::multi_head_attention(parts[0], parts[1], parts[2], heads_));
}

BlipVisionMlpImpl::BlipVisionMlpImpl(const BlipVisionOptions& options) : activation_(options.hidden_act) {
  fc1 = register_module("fc1", nn::Linear(nn::LinearOptions{options.hidden_size, options.intermediate_size}));
  fc2 = register_module("fc2", nn::Linear(nn::LinearOptions{options.intermediate_size, options.hidden_size}));
}

at::Tensor BlipVisionMlpImpl::forward(const at::Tensor& hidden) {
  return fc2(nn::activate(fc1(hidden), activation_));
}

BlipVisionLayerImpl::BlipVisionLayerImpl(const BlipVisionOptions& options) {
  self_attn = register_module("self_attn", BlipVisionAttention(options));
  layer_norm1 = register_module("layer_norm1", vision_norm(options));
  mlp = register_module("mlp", BlipVisionMlp(options));
  layer_norm2 = register_module("layer_norm2", vision_norm(options));
}

at::Tensor BlipVisionLayerImpl::forward(const at::Tensor& hidden) {
  const at::Tensor mixed = hidden + self_attn(layer_norm1(hidden));
  return mixed + mlp(layer_norm2(mixed));
}

BlipVisionEncoderImpl::BlipVisionEncoderImpl(const BlipVisionOptions& options) {
  register_module("layers", layers);
  for (int64_t i = 0; i < options.num_hidden_layers; ++i) layers->push_back(BlipVisionLayer(options));
}

at::Tensor BlipVisionEncoderImpl::forward(at::Tensor hidden) {
  for (const auto& layer : *layers) hidden = layer->as<BlipVisionLayer>()->forward(hidden);
  return hidden;
}

BlipVisionModelImpl::BlipVisionModelImpl(const BlipVisionOptions& options) {
  embeddings = register_module("embeddings", BlipVisionEmbeddings(options));
  encoder = register_module("encoder", BlipVisionEncoder(options));
  post_layernorm = register_module("post_layernorm", vision_norm(options));
}

at::Tensor BlipVisionModelImpl::forward(const at::Tensor& pictures) {
  return post_layernorm(encoder(embeddings(pictures)));
}

}  // namespace fmri2img::models
