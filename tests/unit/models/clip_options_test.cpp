#include "fmri2img/models/clip/options.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "tests/support/errors.h"

namespace fmri2img::models {
namespace {

/// What transformers 4.16 wrote of every part of a model, and three keys that later versions added.
Json old_defaults() {
  return Json::parse(R"({
    "_name_or_path": "", "add_cross_attention": false, "architectures": null, "attention_dropout": 0.0,
    "bad_words_ids": null, "bos_token_id": 0, "chunk_size_feed_forward": 0, "cross_attention_hidden_size": null,
    "decoder_start_token_id": null, "diversity_penalty": 0.0, "do_sample": false, "dropout": 0.0,
    "early_stopping": false, "encoder_no_repeat_ngram_size": 0, "eos_token_id": 2, "exponential_decay_length_penalty": null,
    "finetuning_task": null, "forced_bos_token_id": null, "forced_eos_token_id": null, "hidden_act": "quick_gelu",
    "id2label": {"0": "LABEL_0", "1": "LABEL_1"}, "initializer_factor": 1.0, "initializer_range": 0.02,
    "is_decoder": false, "is_encoder_decoder": false, "label2id": {"LABEL_0": 0, "LABEL_1": 1}, "layer_norm_eps": 1e-05,
    "length_penalty": 1.0, "max_length": 20, "min_length": 0, "no_repeat_ngram_size": 0, "num_beam_groups": 1,
    "num_beams": 1, "num_return_sequences": 1, "output_attentions": false, "output_hidden_states": false,
    "output_scores": false, "pad_token_id": 1, "prefix": null, "problem_type": null, "projection_dim": 768,
    "pruned_heads": {}, "remove_invalid_values": false, "repetition_penalty": 1.0, "return_dict": true,
    "return_dict_in_generate": false, "sep_token_id": null, "task_specific_params": null, "temperature": 1.0,
    "tf_legacy_loss": false, "tie_encoder_decoder": false, "tie_word_embeddings": true, "tokenizer_class": null,
    "top_k": 50, "top_p": 1.0, "torch_dtype": null, "torchscript": false, "transformers_version": "4.16.0.dev0",
    "typical_p": 1.0, "use_bfloat16": false})");
}

/// In the form of openai/clip-vit-large-patch14, where the parts are said twice. The text part is compared with copies
/// of the published file; the picture part has its sizes and the same defaults, but was not compared.
Json clip_large() {
  Json text = old_defaults(), vision = old_defaults();
  text.update({{"hidden_size", 768},
               {"intermediate_size", 3072},
               {"max_position_embeddings", 77},
               {"model_type", "clip_text_model"},
               {"num_attention_heads", 12},
               {"num_hidden_layers", 12},
               {"vocab_size", 49408}});
  vision.update({{"hidden_size", 1024},
                 {"image_size", 224},
                 {"intermediate_size", 4096},
                 {"model_type", "clip_vision_model"},
                 {"num_attention_heads", 16},
                 {"num_hidden_layers", 24},
                 {"patch_size", 14}});
  return {{"_name_or_path", "clip-vit-large-patch14/"},
          {"architectures", {"CLIPModel"}},
          {"initializer_factor", 1.0},
          {"logit_scale_init_value", 2.6592},
          {"model_type", "clip"},
          {"projection_dim", 768},
          {"text_config", text},
          {"text_config_dict",
           {{"hidden_size", 768},
            {"intermediate_size", 3072},
            {"num_attention_heads", 12},
            {"num_hidden_layers", 12},
            {"projection_dim", 768}}},
          {"torch_dtype", "float32"},
          {"transformers_version", nullptr},
          {"vision_config", vision},
          {"vision_config_dict",
           {{"hidden_size", 1024},
            {"intermediate_size", 4096},
            {"num_attention_heads", 16},
            {"num_hidden_layers", 24},
            {"patch_size", 14},
            {"projection_dim", 768}}}};
}

TEST(ClipOptions, ReadsAFileThatSaysItsPartsTwice) {
  const ClipOptions options = ClipOptions::from_json(clip_large(), "x");
  EXPECT_EQ(options.projection_dim, 768);
  EXPECT_EQ(options.vision.encoder.num_hidden_layers, 24);
  EXPECT_EQ(options.vision.encoder.num_attention_heads, 16);
  EXPECT_EQ(options.vision.patches(), 256);
  EXPECT_EQ(options.text->encoder.hidden_size, 768);
  EXPECT_EQ(options.text->eos_token_id, 49407);  // of the newer default: the older part with the 2 does not count
  Json plain = clip_large();
  plain.erase("text_config_dict");
  plain.erase("vision_config_dict");
  EXPECT_EQ(ClipOptions::from_json(plain, "x").text->eos_token_id, 2);
  EXPECT_EQ(ClipOptions::from_json(plain, "x").vision.encoder.intermediate_size, 4096);
}

// In the form and with the sizes of Stable Diffusion 2.1, not compared with the published file.
TEST(ClipOptions, ReadsAFlatTextEncoder) {
  Json json = {{"_name_or_path", "hf-models/stable-diffusion-v2-1/text_encoder"},
               {"architectures", {"CLIPTextModel"}},
               {"attention_dropout", 0.0},
               {"bos_token_id", 0},
               {"dropout", 0.0},
               {"eos_token_id", 2},
               {"hidden_act", "gelu"},
               {"hidden_size", 1024},
               {"initializer_factor", 1.0},
               {"initializer_range", 0.02},
               {"intermediate_size", 4096},
               {"layer_norm_eps", 1e-05},
               {"max_position_embeddings", 77},
               {"model_type", "clip_text_model"},
               {"num_attention_heads", 16},
               {"num_hidden_layers", 23},
               {"pad_token_id", 1},
               {"projection_dim", 512},
               {"torch_dtype", "float32"},
               {"transformers_version", "4.25.0.dev0"},
               {"vocab_size", 49408}};
  const auto options = ClipTextOptions::from_json(json, "x");
  EXPECT_EQ(options.encoder.num_hidden_layers, 23);
  EXPECT_EQ(options.encoder.hidden_act, nn::Activation::kGelu);
  EXPECT_EQ(options.max_position_embeddings, 77);
}

struct BadClipValue {
  const char* key;
  Json value;
  std::vector<std::string> parts;
};

TEST(ClipOptions, NamesTheKeyThatItCannotUse) {
  const BadClipValue cases[] = {
      {"hidden_act", "relu", {"activation \"relu\""}},
      {"hidden_size", 100, {"\"hidden_size\" is 100", "\"num_attention_heads\" (8) does not divide"}},
      {"hidden_size", 1 << 20, {"\"hidden_size\" is 1048576", "1 to 16384"}},
      {"num_hidden_layers", 0, {"\"num_hidden_layers\" is 0", "1 to 256"}},
      {"vocab_size", int64_t{1} << 40, {"\"vocab_size\"", "1 to 1048576"}},
      {"layer_norm_eps", -1, {"\"layer_norm_eps\" is -1"}},
      {"attention_dropout", 0.1, {"\"attention_dropout\" is 0.1, only 0 is supported"}},
      {"is_decoder", true, {"\"is_decoder\" is true"}},
      {"pruned_heads", {{"1", {2}}}, {"\"pruned_heads\""}},
      {"model_type", "siglip_text_model", {"siglip_text_model", "only \"clip_text_model\""}},
      {"eos_token_id", {1, 2}, {"\"eos_token_id\"", "not of the expected type"}},
      {"max_positions", 77, {"unknown key \"max_positions\"", "max_position_embeddings"}},
  };
  for (const BadClipValue& bad : cases) {
    SCOPED_TRACE(bad.key);
    for (const std::string& part : bad.parts) {
      EXPECT_ERROR(ClipTextOptions::from_json({{bad.key, bad.value}}, "\"config.json\""), "\"config.json\"", part);
    }
  }
}

TEST(ClipOptions, NamesThePartOfTheFile) {
  Json json = clip_large();
  json["vision_config_dict"]["num_channels"] = 4;
  EXPECT_ERROR(ClipOptions::from_json(json, "\"x\""), "\"x\": \"vision_config_dict\"", "\"num_channels\" is 4, only 3");
  json = clip_large();
  json["vision_config_dict"]["patch_size"] = 300;
  EXPECT_ERROR(ClipOptions::from_json(json, "\"x\""), "\"patch_size\" is 300, expected 1 to 224");
  json = clip_large();
  json.erase("text_config_dict");
  json["text_config"] = "large";
  EXPECT_ERROR(ClipOptions::from_json(json, "\"x\""), "\"x\": \"text_config\"", "expected a JSON object");
  json = clip_large();
  json["projection"] = 768;
  EXPECT_ERROR(ClipOptions::from_json(json, "\"x\""), "unknown key \"projection\"", "projection_dim");
}

}  // namespace
}  // namespace fmri2img::models
