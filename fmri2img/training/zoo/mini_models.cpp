#include "fmri2img/training/zoo/mini_models.h"

namespace fmri2img::training {
namespace {

constexpr const char* kDiffusers = "0.42.1";  // the version whose keys these are

constexpr int64_t kPictureSide = 64;
constexpr int64_t kClipWidth = 128;
constexpr int64_t kClipProjection = 64;
constexpr int64_t kBlipWidth = 128;
constexpr int64_t kBlipProjection = 64;

Json clip_tower(const char* kind, int64_t layers) {
  return {{"model_type", kind},
          {"hidden_act", "quick_gelu"},
          {"hidden_size", kClipWidth},
          {"intermediate_size", 3 * kClipWidth},
          {"layer_norm_eps", 1e-5},
          {"num_attention_heads", 4},
          {"num_hidden_layers", layers},
          {"projection_dim", kClipProjection}};
}

Json blip_tower(const char* kind, int64_t layers) {
  return {{"model_type", kind},
          {"hidden_act", "gelu"},
          {"hidden_size", kBlipWidth},
          {"intermediate_size", 2 * kBlipWidth},
          {"num_attention_heads", 4},
          {"num_hidden_layers", layers},
          {"projection_dim", kBlipProjection}};
}

/// What both kinds of processors have in common: levels to about -2 .. 2.
Json picture_processor(const char* kind) {
  return {{"image_processor_type", kind},
          {"do_convert_rgb", true},
          {"do_resize", true},
          {"resample", 3},
          {"do_rescale", true},
          {"rescale_factor", 1.0 / 255},
          {"do_normalize", true},
          {"image_mean", {0.5, 0.5, 0.5}},
          {"image_std", {0.25, 0.25, 0.25}}};
}

}  // namespace

Json mini_autoencoder() {
  return {{"_class_name", "AutoencoderKL"},
          {"_diffusers_version", kDiffusers},
          {"act_fn", "silu"},
          {"block_out_channels", {16, 32, 64}},
          {"down_block_types", {"DownEncoderBlock2D", "DownEncoderBlock2D", "DownEncoderBlock2D"}},
          {"up_block_types", {"UpDecoderBlock2D", "UpDecoderBlock2D", "UpDecoderBlock2D"}},
          {"in_channels", 3},
          {"out_channels", 3},
          {"latent_channels", 4},
          {"layers_per_block", 1},
          {"norm_num_groups", 8},
          {"sample_size", kPictureSide},
          {"scaling_factor", 1.0}};
}

Json mini_clip(int64_t vocab_size) {
  Json text = clip_tower("clip_text_model", 3);
  text["vocab_size"] = vocab_size;
  text["max_position_embeddings"] = kMiniTextLength;
  text["bos_token_id"] = vocab_size - 2;
  text["eos_token_id"] = vocab_size - 1;
  text["pad_token_id"] = vocab_size - 1;
  Json vision = clip_tower("clip_vision_model", 4);
  vision["image_size"] = kPictureSide;
  vision["patch_size"] = 8;
  return {{"architectures", {"CLIPModel"}},
          {"model_type", "clip"},
          {"logit_scale_init_value", 2.6592},
          {"projection_dim", kClipProjection},
          {"text_config", text},
          {"vision_config", vision}};
}

Json mini_clip_processor() {
  Json processor = picture_processor("CLIPImageProcessor");
  processor["size"] = {{"shortest_edge", kPictureSide}};
  processor["do_center_crop"] = true;
  processor["crop_size"] = {{"height", kPictureSide}, {"width", kPictureSide}};
  return processor;
}

Json mini_text_encoder(const Json& clip) {
  Json config = clip.at("text_config");
  config["architectures"] = {"CLIPTextModel"};
  return config;
}

Json mini_blip(const text::Vocabulary& vocabulary) {
  Json text = blip_tower("blip_text_model", 2);
  text["is_decoder"] = true;
  text["vocab_size"] = vocabulary.ids.size();
  text["max_position_embeddings"] = 32;
  text["encoder_hidden_size"] = kBlipWidth;
  text["layer_norm_eps"] = 1e-12;
  text["hidden_dropout_prob"] = 0.0;
  text["attention_probs_dropout_prob"] = 0.0;
  text["label_smoothing"] = 0.0;
  text["bos_token_id"] = vocabulary.ids.at("[DEC]");
  text["eos_token_id"] = vocabulary.ids.at("[SEP]");
  text["sep_token_id"] = vocabulary.ids.at("[SEP]");
  text["pad_token_id"] = vocabulary.ids.at("[PAD]");
  Json vision = blip_tower("blip_vision_model", 4);
  vision["layer_norm_eps"] = 1e-5;
  vision["image_size"] = kPictureSide;
  vision["patch_size"] = 8;
  return {{"architectures", {"BlipForConditionalGeneration"}},
          {"model_type", "blip"},
          {"image_text_hidden_size", kBlipProjection},
          {"projection_dim", kBlipProjection},
          {"text_config", text},
          {"vision_config", vision}};
}

Json mini_blip_processor() {
  Json processor = picture_processor("BlipImageProcessor");
  processor["size"] = {{"height", kPictureSide}, {"width", kPictureSide}};
  return processor;
}

Json mini_scheduler() {
  return {{"_class_name", "PNDMScheduler"},
          {"_diffusers_version", kDiffusers},
          {"beta_start", 0.00085},
          {"beta_end", 0.012},
          {"beta_schedule", "scaled_linear"},
          {"num_train_timesteps", 1000},
          {"prediction_type", "epsilon"},
          {"set_alpha_to_one", false},
          {"skip_prk_steps", true},
          {"steps_offset", 1}};
}

Json mini_unet() {
  return {{"_class_name", "UNet2DConditionModel"},
          {"_diffusers_version", kDiffusers},
          {"act_fn", "silu"},
          {"attention_head_dim", 4},
          {"block_out_channels", {64, 96, 128}},
          {"down_block_types", {"DownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D"}},
          {"up_block_types", {"CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "UpBlock2D"}},
          {"cross_attention_dim", kClipWidth},
          {"in_channels", 4},
          {"out_channels", 4},
          {"layers_per_block", 1},
          {"norm_num_groups", 16},
          {"sample_size", 16}};
}

Json mini_pipeline() {
  const Json none = {nullptr, nullptr};
  return {{"_class_name", "StableDiffusionPipeline"},
          {"_diffusers_version", kDiffusers},
          {"requires_safety_checker", false},
          {"feature_extractor", none},
          {"image_encoder", none},
          {"safety_checker", none},
          {"scheduler", {"diffusers", "PNDMScheduler"}},
          {"text_encoder", {"transformers", "CLIPTextModel"}},
          {"tokenizer", {"transformers", "CLIPTokenizer"}},
          {"unet", {"diffusers", "UNet2DConditionModel"}},
          {"vae", {"diffusers", "AutoencoderKL"}}};
}

}  // namespace fmri2img::training
