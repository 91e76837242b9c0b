#include "fmri2img/models/clip/vision_model.h"

#include <ATen/ATen.h>

#include <cmath>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/models/config_fields.h"
#include "fmri2img/nn/init.h"

namespace fmri2img::models {
namespace {

constexpr double kPatchDeviation = 0.02;  // `initializer_range`

nn::LayerNorm tower_norm(const ClipVisionOptions& options) {
  return nn::LayerNorm(nn::LayerNormOptions{options.encoder.hidden_size, options.encoder.layer_norm_eps});
}

}  // namespace

ClipVisionEmbeddingsImpl::ClipVisionEmbeddingsImpl(const ClipVisionOptions& options)
    : patch_embedding(
          nn::PatchEmbeddingOptions{.width = options.encoder.hidden_size, .patch_size = options.patch_size}),
      position_embedding(nn::EmbeddingOptions{1 + options.patches(), options.encoder.hidden_size}) {
  class_embedding = register_parameter("class_embedding", at::empty({options.encoder.hidden_size}));
  register_module("patch_embedding", patch_embedding);
  register_module("position_embedding", position_embedding);
}

void ClipVisionEmbeddingsImpl::reset_parameters(const at::Generator& generator) {
  nn::normal_(class_embedding, std::pow(class_embedding.size(0), -0.5), generator);
  nn::normal_(patch_embedding->weight, kPatchDeviation, generator);
  position_embedding->reset_parameters(generator, kPatchDeviation);
}

at::Tensor ClipVisionEmbeddingsImpl::forward(const at::Tensor& pictures) {
  const at::Tensor patches = patch_embedding(pictures);
  const at::Tensor whole = class_embedding.to(patches.scalar_type()).expand({patches.size(0), 1, -1});
  return at::cat({whole, patches}, 1) + position_embedding->weight;
}

ClipVisionTransformerImpl::ClipVisionTransformerImpl(const ClipVisionOptions& options)
    : embeddings(options),
      pre_layrnorm(tower_norm(options)),
      encoder(options.encoder),
      post_layernorm(tower_norm(options)),
      options_(options) {
  register_module("embeddings", embeddings);
  register_module("pre_layrnorm", pre_layrnorm);
  register_module("encoder", encoder);
  register_module("post_layernorm", post_layernorm);
}

void ClipVisionTransformerImpl::reset_parameters(const at::Generator& generator) {
  embeddings->reset_parameters(generator);
  pre_layrnorm->reset_parameters();
  encoder->reset_parameters(generator);
  post_layernorm->reset_parameters();
}

at::Tensor ClipVisionTransformerImpl::forward(const at::Tensor& pictures) {
  const int64_t side = options_.image_size;
  FMRI2IMG_CHECK(
      pictures.dim() == 4 && pictures.size(1) == kColours && pictures.size(2) == side && pictures.size(3) == side,
      "CLIP's picture model: pictures of shape {}; expected pictures x {} x {} x {}",
      format_shape(pictures.sizes().vec()),
      kColours,
      side,
      side);
  const at::Tensor states = encoder(pre_layrnorm(embeddings(pictures)), ClipAttentionKind::kAll);
  return post_layernorm(states.select(1, 0));
}

}  // namespace fmri2img::models
