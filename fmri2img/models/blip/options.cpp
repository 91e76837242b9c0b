#include "fmri2img/models/blip/options.h"

#include <cmath>

#include "fmri2img/models/config_fields.h"
#include "fmri2img/models/tower_fields.h"
#include "fmri2img/models/transformers_keys.h"

namespace fmri2img::models {
namespace {

constexpr int64_t kMostBlipLayers = 256;
constexpr int64_t kWidestBlip = 16384;
constexpr int64_t kWidestBlipInside = 65536;
constexpr int64_t kMostBlipWords = int64_t{1} << 20;
constexpr int64_t kMostBlipPositions = 65536;

constexpr TowerLimits kBlipLimits = {kWidestBlip, kWidestBlipInside, kMostBlipLayers};

int64_t read_blip_token(JsonFields& fields, const std::string& key, int64_t fallback, int64_t words) {
  const auto token = fields.optional<int64_t>(key, fallback);
  FMRI2IMG_CHECK(token >= 0 && token < words,
                 "{}: \"{}\" is {}, expected one of the {} tokens of \"vocab_size\"",
                 fields.where(),
                 key,
                 token,
                 words);
  return token;
}

BlipVisionOptions read_blip_vision(const Json& json, const std::string& where) {
  JsonFields fields(json, where);
  BlipVisionOptions options;
  read_tower(fields, options, kBlipLimits, "gelu");
  options.image_size = read_count(fields, "image_size", options.image_size, kLongestSampleSide);
  options.patch_size = read_count(fields, "patch_size", options.patch_size, options.image_size);
  fields.only("model_type", "blip_vision_model");
  fields.only("num_channels", kColours);
  fields.only("attention_dropout", 0);
  fields.only("dropout", 0);
  fields.only("pruned_heads", Json::object());
  fields.ignore({"projection_dim", "is_decoder", "bos_token_id", "eos_token_id", "pad_token_id", "sep_token_id"});
  fields.ignore({"tie_word_embeddings"});
  fields.ignore(kInertTransformersKeys);
  fields.finish();
  return options;
}

BlipTextOptions read_blip_text(const Json& json, const std::string& where) {
  JsonFields fields(json, where);
  BlipTextOptions options;
  read_tower(fields, options, kBlipLimits, "gelu");
  options.vocab_size = read_count(fields, "vocab_size", options.vocab_size, kMostBlipWords);
  options.max_position_embeddings =
      read_count(fields, "max_position_embeddings", options.max_position_embeddings, kMostBlipPositions);
  options.label_smoothing = fields.optional<double>("label_smoothing", 0.0);
  FMRI2IMG_CHECK(options.label_smoothing >= 0 && options.label_smoothing <= 1,
                 "{}: \"label_smoothing\" is {}, expected 0 to 1",
                 where,
                 options.label_smoothing);
  options.tie_word_embeddings = fields.optional<bool>("tie_word_embeddings", true);
  options.bos_token_id = read_blip_token(fields, "bos_token_id", options.bos_token_id, options.vocab_size);
  options.sep_token_id = read_blip_token(fields, "sep_token_id", options.sep_token_id, options.vocab_size);
  options.pad_token_id = read_blip_token(fields, "pad_token_id", options.pad_token_id, options.vocab_size);
  fields.only("model_type", "blip_text_model");
  fields.only("is_decoder", true);
  fields.only("hidden_dropout_prob", 0);
  fields.only("attention_probs_dropout_prob", 0);
  fields.only("pruned_heads", Json::object());
  fields.ignore({"encoder_hidden_size", "projection_dim", "eos_token_id"});
  fields.ignore(kInertTransformersKeys);
  fields.finish();
  return options;
}

}  // namespace

int64_t BlipVisionOptions::positions() const {
  const int64_t side = image_size / patch_size;
  return side * side + 1;
}

BlipOptions BlipOptions::from_json(const Json& json, const std::string& where) {
  JsonFields fields(json, where);
  fields.only("model_type", "blip");
  BlipOptions options;
  options.vision =
      read_blip_vision(fields.optional<Json>("vision_config", Json::object()), where + ": \"vision_config\"");
  options.text = read_blip_text(fields.optional<Json>("text_config", Json::object()), where + ": \"text_config\"");
  options.text.encoder_hidden_size = options.vision.hidden_size;
  options.text.tie_word_embeddings &= fields.optional<bool>("tie_word_embeddings", true);
  fields.ignore({"projection_dim", "image_text_hidden_size", "logit_scale_init_value", "label_smoothing"});
  fields.ignore({"text_config_dict", "vision_config_dict"});
  fields.ignore(kInertTransformersKeys);
  fields.finish();
  return options;
}

}  // namespace fmri2img::models
