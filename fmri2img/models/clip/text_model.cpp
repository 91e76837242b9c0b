#include "fmri2img/models/clip/text_model.h"

#include <ATen/ATen.h>

#include "fmri2img/core/text.h"
#include "fmri2img/nn/inference.h"
#include "fmri2img/nn/load_weights.h"

namespace fmri2img::models {
namespace {

namespace fs = std::filesystem;

constexpr double kEmbeddingDeviation = 0.02;
constexpr int64_t kOldEndToken = 2;

}  // namespace

ClipTextEmbeddingsImpl::ClipTextEmbeddingsImpl(const ClipTextOptions& options)
    : token_embedding(nn::EmbeddingOptions{options.vocab_size, options.encoder.hidden_size}),
      position_embedding(nn::EmbeddingOptions{options.max_position_embeddings, options.encoder.hidden_size}) {
  register_module("token_embedding", token_embedding);
  register_module("position_embedding", position_embedding);
}

void ClipTextEmbeddingsImpl::reset_parameters(const at::Generator& generator) {
  token_embedding->reset_parameters(generator, kEmbeddingDeviation);
  position_embedding->reset_parameters(generator, kEmbeddingDeviation);
}

at::Tensor ClipTextEmbeddingsImpl::forward(const at::Tensor& ids) {
  return token_embedding(ids) + position_embedding->weight.narrow(0, 0, ids.size(1));
}

ClipTextTransformerImpl::ClipTextTransformerImpl(const ClipTextOptions& options)
    : embeddings(options),
      encoder(options.encoder),
      final_layer_norm(nn::LayerNormOptions{options.encoder.hidden_size, options.encoder.layer_norm_eps}),
      options_(options) {
  register_module("embeddings", embeddings);
  register_module("encoder", encoder);
  register_module("final_layer_norm", final_layer_norm);
}

void ClipTextTransformerImpl::reset_parameters(const at::Generator& generator) {
  embeddings->reset_parameters(generator);
  encoder->reset_parameters(generator);
  final_layer_norm->reset_parameters();
}

at::Tensor ClipTextTransformerImpl::forward(const at::Tensor& ids, int64_t skipped) {
  FMRI2IMG_ASSERT(skipped >= 0 && skipped <= options_.encoder.num_hidden_layers);
  FMRI2IMG_CHECK(ids.dim() == 2 && ids.size(1) >= 1 && ids.size(1) <= options_.max_position_embeddings,
                 "CLIP's text model: token ids of shape {}; expected texts x 1 to {} tokens",
                 format_shape(ids.sizes().vec()),
                 options_.max_position_embeddings);
  if (ids.numel() > 0) {
    const auto lowest = ids.min().item<int64_t>(), highest = ids.max().item<int64_t>();
    FMRI2IMG_CHECK(lowest >= 0 && highest < options_.vocab_size,
                   "CLIP's text model: token ids from {} to {}, but it knows 0 to {}: does the tokenizer belong to it?",
                   lowest,
                   highest,
                   options_.vocab_size - 1);
  }
  return final_layer_norm(encoder(embeddings(ids), ClipAttentionKind::kCausal, skipped));
}

at::Tensor ClipTextTransformerImpl::pool(const at::Tensor& states, const at::Tensor& ids) const {
  const bool old_file = options_.eos_token_id == kOldEndToken;
  const at::Tensor is_end = old_file ? ids == std::get<0>(ids.max(1, /*keepdim=*/true)) : ids == options_.eos_token_id;
  FMRI2IMG_CHECK(is_end.any(1).all().item<bool>(),
                 "CLIP's text model: a text without the end token (id {}, \"eos_token_id\" of its config.json): does "
                 "the tokenizer belong to it?",
                 options_.eos_token_id);
  const at::Tensor first = is_end.to(at::kByte).argmax(1);  // the first of equal ones
  return states.index({at::arange(ids.size(0), ids.options()), first});
}

ClipTextModelImpl::ClipTextModelImpl(const ClipTextOptions& options) : text_model(options) {
  register_module("text_model", text_model);
}

ModelSource<ClipTextOptions> read_text_encoder_source(const fs::path& model_folder) {
  const bool inside = !fs::exists(model_folder / "config.json") && fs::exists(model_folder / "text_encoder");
  const fs::path folder = inside ? model_folder / "text_encoder" : model_folder;
  const fs::path config = folder / "config.json";
  FMRI2IMG_CHECK(fs::exists(config),
                 "\"{}\" is not the folder of a text encoder: expected config.json and model.safetensors, or a Stable "
                 "Diffusion folder with text_encoder/",
                 model_folder.string());
  const auto with_prefix = [](const std::string& name) {
    return name.starts_with("text_model.") ? name : "text_model." + name;
  };
  return {.options = ClipTextOptions::from_json(read_json(config), fmt::format("\"{}\"", config.string())),
          .weights = io::read_located_weights(folder),
          .rules = {.rename = with_prefix, .ignored_suffixes = {".position_ids"}}};
}

ClipTextModel open_text_encoder(const fs::path& model_folder, at::ScalarType dtype, at::Device device) {
  const ModelSource<ClipTextOptions> source = read_text_encoder_source(model_folder);
  ClipTextModel model(source.options);
  nn::load_weights(*model, source.weights, source.rules);
  nn::prepare_for_inference(*model, nn::InferenceOptions{.dtype = dtype, .device = device});
  return model;
}

}  // namespace fmri2img::models
