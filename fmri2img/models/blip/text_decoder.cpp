#include "fmri2img/models/blip/text_decoder.h"

#include <ATen/ATen.h>

namespace fmri2img::models {
namespace {

nn::LayerNorm text_norm(const BlipTextOptions& options) {
  return nn::LayerNorm(nn::LayerNormOptions{options.hidden_size, options.layer_norm_eps});
}

nn::Embedding text_embedding(int64_t count, const BlipTextOptions& options) {
  return nn::Embedding(nn::EmbeddingOptions{count, options.hidden_size});
}

}  // namespace

BlipTextEmbeddingsImpl::BlipTextEmbeddingsImpl(const BlipTextOptions& options) {
  word_embeddings = register_module("word_embeddings", text_embedding(options.vocab_size, options));
  position_embeddings =
      register_module("position_embeddings", text_embedding(options.max_position_embeddings, options));
  LayerNorm = register_module("LayerNorm", text_norm(options));
}

at::Tensor BlipTextEmbeddingsImpl::forward(const at::Tensor& ids, int64_t first) {
  return LayerNorm(word_embeddings(ids) + position_embeddings->weight.narrow(0, first, ids.size(1)));
}

BlipTextEncoderImpl::BlipTextEncoderImpl(const BlipTextOptions& options) {
  register_module("layer", layer);
  for (int64_t i = 0; i < options.num_hidden_layers; ++i) layer->push_back(BlipTextLayer(options, i));
}

BlipBertImpl::BlipBertImpl(const BlipTextOptions& options) {
  embeddings = register_module("embeddings", BlipTextEmbeddings(options));
  encoder = register_module("encoder", BlipTextEncoder(options));
}

BlipHeadTransformImpl::BlipHeadTransformImpl(const BlipTextOptions& options) : activation_(options.hidden_act) {
  dense = register_module("dense", nn::Linear(nn::LinearOptions{options.hidden_size, options.hidden_size}));
  LayerNorm = register_module("LayerNorm", text_norm(options));
}

at::Tensor BlipHeadTransformImpl::forward(const at::Tensor& hidden) {
  return LayerNorm(nn::activate(dense(hidden), activation_));
}

BlipPredictionsImpl::BlipPredictionsImpl(const BlipTextOptions& options) {
  transform = register_module("transform", BlipHeadTransform(options));
  if (!options.tie_word_embeddings) {
    decoder =
        register_module("decoder",
                        nn::Linear(nn::LinearOptions{
                            .in_features = options.hidden_size, .out_features = options.vocab_size, .bias = false}));
  }
  bias = register_parameter("bias", at::empty({options.vocab_size}));
}

at::Tensor BlipPredictionsImpl::forward(const at::Tensor& hidden, const at::Tensor& embeddings) {
  const at::Tensor transformed = transform(hidden);
  const at::Tensor scores = decoder ? decoder(transformed) : at::linear(transformed, embeddings);
  return scores + bias.to(scores.scalar_type());
}

BlipHeadImpl::BlipHeadImpl(const BlipTextOptions& options) {
  predictions = register_module("predictions", BlipPredictions(options));
}

BlipTextDecoderImpl::BlipTextDecoderImpl(const BlipTextOptions& options) {
  bert = register_module("bert", BlipBert(options));
  cls = register_module("cls", BlipHead(options));
}

PictureKeysValues BlipTextDecoderImpl::look_at(const at::Tensor& embeds) {
  PictureKeysValues pictures;
  for (const auto& layer : *bert->encoder->layer) {
    const KeysValues seen = layer->as<BlipTextLayer>()->crossattention->self->look_at(embeds);
    pictures.push_back({seen.keys.contiguous(), seen.values.contiguous()});  // read once for each token
  }
  return pictures;
}

at::Tensor BlipTextDecoderImpl::run_layers(const at::Tensor& ids,
                                           const PictureKeysValues& pictures,
                                           KeyValueCache* cache) {
  at::Tensor hidden = bert->embeddings(ids, cache ? cache->length() : 0);
  for (size_t i = 0; i < pictures.size(); ++i) {
    hidden = bert->encoder->layer->at<BlipTextLayerImpl>(i).forward(hidden, pictures[i], cache);
  }
  if (cache) cache->advance(ids.size(1));
  return hidden;
}

at::Tensor BlipTextDecoderImpl::predict(const at::Tensor& hidden) {
  return cls->predictions(hidden, bert->embeddings->word_embeddings->weight);
}

at::Tensor BlipTextDecoderImpl::forward(const at::Tensor& ids, const PictureKeysValues& pictures) {
  return predict(run_layers(ids, pictures, nullptr));
}

at::Tensor BlipTextDecoderImpl::next(const at::Tensor& ids, const PictureKeysValues& pictures, KeyValueCache& cache) {
  const at::Tensor hidden = run_layers(ids, pictures, &cache);
  return predict(hidden.select(1, ids.size(1) - 1));
}

}  // namespace fmri2img::models
