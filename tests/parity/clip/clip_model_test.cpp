#include "fmri2img/models/clip/clip_model.h"

#include "fmri2img/core/random.h"
#include "fmri2img/models/clip/clip_embedder.h"
#include "fmri2img/nn/state_dict.h"
#include "tests/parity/clip/golden_clip.h"
#include "tests/support/errors.h"

namespace fmri2img::models {
namespace {

at::Tensor processed(const LoadedClip& clip, const std::vector<at::Tensor>& pictures) {
  const ImageProcessor processor(clip.processor);
  std::vector<at::Tensor> inputs;
  for (const at::Tensor& picture : pictures) inputs.push_back(processor.process(picture));
  return at::stack(inputs);
}

/// transformers' image_text_contrastive_loss.
at::Tensor contrastive_loss(const at::Tensor& logits) {
  const at::Tensor own = at::arange(logits.size(0));
  return (at::cross_entropy_loss(logits, own) + at::cross_entropy_loss(logits.t(), own)) / 2;
}

// Golden: the logits of transformers' CLIPModel, and the norms of its loss's gradients, names in alphabetical order.
TEST(ClipModel, ReproducesReferenceGradients) {
  const LoadedClip clip = load_clip(clip_data("clip"));
  const io::StateDict expected = clip_answers("clip");
  ClipModel model = clip.model;
  const at::Tensor pictures = model->embed_pictures(processed(clip, golden_pictures()));
  const at::Tensor texts = model->embed_texts(expected.at("ids"));
  const at::Tensor logits = model->logits(pictures, texts);
  EXPECT_WITHIN(logits, expected.at("logits"), kFloatTolerance);
  contrastive_loss(logits.narrow(0, 0, 3)).backward();
  std::vector<at::Tensor> norms;
  std::map<std::string, at::Tensor> parameters;
  for (const auto& parameter : model->named_parameters()) parameters[parameter.key()] = parameter.value();
  for (const auto& [name, parameter] : parameters) norms.push_back(parameter.grad().norm());
  EXPECT_WITHIN(at::stack(norms), expected.at("gradients"), 1e-4);
}

// Expected deviations: transformers' CLIPPreTrainedModel._init_weights.
TEST(ClipModel, DrawsWeightsWithClipsDeviations) {
  ClipOptions options;
  options.text.emplace();
  options.text->encoder = {
      .hidden_size = 64, .intermediate_size = 128, .num_hidden_layers = 2, .num_attention_heads = 4};
  options.text->vocab_size = 200;
  options.vision.encoder = {
      .hidden_size = 96, .intermediate_size = 192, .num_hidden_layers = 3, .num_attention_heads = 4};
  options.vision.patch_size = 16;
  options.projection_dim = 80;
  ClipModel model(options);
  model->reset_parameters(make_generator(3));
  const auto weights = nn::state_dict(*model);
  const std::pair<const char*, double> deviations[] = {
      {"text_model.embeddings.token_embedding.weight", 0.02},
      {"text_model.embeddings.position_embedding.weight", 0.02},
      {"text_model.encoder.layers.1.self_attn.k_proj.weight", 1 / std::sqrt(64. * 4)},
      {"text_model.encoder.layers.1.self_attn.out_proj.weight", 1 / std::sqrt(64.)},
      {"text_model.encoder.layers.1.mlp.fc1.weight", 1 / std::sqrt(2 * 64.)},
      {"text_model.encoder.layers.1.mlp.fc2.weight", 1 / std::sqrt(64. * 4)},
      {"vision_model.embeddings.class_embedding", 1 / std::sqrt(96.)},
      {"vision_model.embeddings.patch_embedding.weight", 0.02},
      {"vision_model.embeddings.position_embedding.weight", 0.02},
      {"vision_model.encoder.layers.2.self_attn.q_proj.weight", 1 / std::sqrt(96. * 6)},
      {"vision_model.encoder.layers.0.mlp.fc2.weight", 1 / std::sqrt(96. * 6)},
      {"visual_projection.weight", 1 / std::sqrt(96.)},
      {"text_projection.weight", 1 / std::sqrt(64.)},
  };
  for (const auto& [name, deviation] : deviations) {
    const at::Tensor& weight = weights.at(name);
    const double spread = 4 / std::sqrt(2. * static_cast<double>(weight.numel()));  // four standard errors
    EXPECT_NEAR(weight.std().item<double>() / deviation, 1, spread) << name;
  }
  EXPECT_TRUE((weights.at("text_model.final_layer_norm.weight") == 1).all().item<bool>());
  EXPECT_TRUE((weights.at("vision_model.encoder.layers.0.mlp.fc1.bias") == 0).all().item<bool>());
  EXPECT_NEAR(weights.at("logit_scale").item<double>(), 2.6592, 1e-6);
  for (const auto& [name, weight] : weights) EXPECT_TRUE(weight.isfinite().all().item<bool>()) << name;
}

TEST(ClipModel, DropsItsTextTower) {
  ClipModel model = load_clip(clip_data("clip")).model;
  const at::Tensor input = at::randn({2, 3, 16, 16}, make_generator(1));
  const at::Tensor before = model->embed_pictures(input);
  model->drop_text();
  EXPECT_FALSE(model->has_text());
  EXPECT_TRUE(at::equal(model->embed_pictures(input), before));
  for (const auto& [name, weight] : nn::state_dict(*model)) EXPECT_TRUE(name.starts_with("vis")) << name;
}

TEST(ClipModel, SaysWhatInputItExpects) {
  ClipModel model = load_clip(clip_data("clip")).model;
  EXPECT_ERROR(model->embed_pictures(at::zeros({2, 3, 16, 17})), "2 x 3 x 16 x 17", "pictures x 3 x 16 x 16");
  EXPECT_ERROR(model->embed_texts(at::zeros({2, 25}, at::kLong)), "2 x 25", "1 to 24 tokens");
  EXPECT_ERROR(model->embed_texts(at::full({1, 3}, 910, at::kLong)), "910", "it knows 0 to 909", "tokenizer");
  EXPECT_ERROR(model->embed_texts(at::full({1, 3}, -1, at::kLong)), "from -1", "it knows 0 to 909");
  EXPECT_ERROR(model->embed_texts(at::zeros({1, 3}, at::kLong)), "without the end token", "909");
}

}  // namespace
}  // namespace fmri2img::models
