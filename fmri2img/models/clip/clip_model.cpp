#include "fmri2img/models/clip/clip_model.h"

#include <ATen/ATen.h>

#include <cmath>

#include "fmri2img/core/check.h"
#include "fmri2img/nn/init.h"

namespace fmri2img::models {
namespace {

constexpr double kInitialLogitScale = 2.6592;  // log(1 / 0.07)

nn::Linear projection(int64_t width, int64_t projection_dim) {
  return nn::Linear(nn::LinearOptions{.in_features = width, .out_features = projection_dim, .bias = false});
}

void draw_projection(nn::Linear& linear, const at::Generator& generator) {
  nn::normal_(linear->weight, std::pow(linear->options.in_features, -0.5), generator);
}

at::Tensor to_unit_length(const at::Tensor& vectors) {
  return vectors / vectors.norm(2, {-1}, /*keepdim=*/true);
}

}  // namespace

ClipModelImpl::ClipModelImpl(const ClipOptions& options)
    : vision_model(options.vision),
      visual_projection(projection(options.vision.encoder.hidden_size, options.projection_dim)),
      options_(options) {
  register_module("vision_model", vision_model);
  register_module("visual_projection", visual_projection);
  if (!options.text) return;
  text_model = register_module("text_model", ClipTextTransformer(*options.text));
  text_projection =
      register_module("text_projection", projection(options.text->encoder.hidden_size, options.projection_dim));
  logit_scale = register_parameter("logit_scale", at::empty({}));
}

void ClipModelImpl::reset_parameters(const at::Generator& generator) {
  vision_model->reset_parameters(generator);
  if (has_text()) text_model->reset_parameters(generator);
  draw_projection(visual_projection, generator);
  if (!has_text()) return;
  draw_projection(text_projection, generator);
  const at::NoGradGuard no_grad;
  logit_scale.fill_(kInitialLogitScale);
}

at::Tensor ClipModelImpl::embed_pictures(const at::Tensor& pictures) {
  return visual_projection(vision_model(pictures));
}

at::Tensor ClipModelImpl::embed_texts(const at::Tensor& ids) {
  FMRI2IMG_ASSERT(has_text());
  return text_projection(text_model->pool(text_model(ids), ids));
}

at::Tensor ClipModelImpl::logits(const at::Tensor& picture_embeddings, const at::Tensor& text_embeddings) const {
  FMRI2IMG_ASSERT(has_text());
  return at::matmul(to_unit_length(picture_embeddings), to_unit_length(text_embeddings).t()) * logit_scale.exp();
}

void ClipModelImpl::drop_text() {
  if (!has_text()) return;
  unregister_module("text_model");
  unregister_module("text_projection");
  parameters_.erase("logit_scale");
  text_model = ClipTextTransformer(nullptr);
  text_projection = nn::Linear(nullptr);
  logit_scale.reset();
  options_.text.reset();
}

}  // namespace fmri2img::models
