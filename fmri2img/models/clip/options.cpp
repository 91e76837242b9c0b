#include "fmri2img/models/clip/options.h"

#include <cmath>

#include "fmri2img/models/config_fields.h"
#include "fmri2img/models/tower_fields.h"
#include "fmri2img/models/transformers_keys.h"

namespace fmri2img::models {
namespace {

ClipEncoderOptions read_clip_encoder(JsonFields& fields, ClipEncoderOptions options) {
  constexpr TowerLimits kLimits = {ClipLimits::kWidth, ClipLimits::kInnerWidth, ClipLimits::kLayers};
  read_tower(fields, options, kLimits, "quick_gelu");
  fields.only("attention_dropout", 0);
  fields.only("dropout", 0);
  fields.only("is_decoder", false);
  fields.only("pruned_heads", Json::object());
  fields.ignore({"pad_token_id", "bos_token_id", "sep_token_id", "tie_word_embeddings"});
  fields.ignore(kInertTransformersKeys);
  return options;
}

ClipTextOptions read_clip_text(JsonFields& fields) {
  ClipTextOptions options;
  options.encoder = read_clip_encoder(fields, options.encoder);
  options.vocab_size = read_count(fields, "vocab_size", options.vocab_size, ClipLimits::kWords);
  options.max_position_embeddings =
      read_count(fields, "max_position_embeddings", options.max_position_embeddings, ClipLimits::kPositions);
  options.eos_token_id = fields.optional<int64_t>("eos_token_id", options.eos_token_id);
  fields.only("model_type", "clip_text_model");
  fields.ignore({"projection_dim"});
  fields.finish();
  return options;
}

ClipVisionOptions read_clip_vision(JsonFields& fields) {
  ClipVisionOptions options;
  options.encoder = read_clip_encoder(fields, options.encoder);
  options.image_size = read_count(fields, "image_size", options.image_size, kLongestSampleSide);
  options.patch_size = read_count(fields, "patch_size", options.patch_size, options.image_size);
  fields.only("model_type", "clip_vision_model");
  fields.only("num_channels", kColours);
  fields.ignore({"projection_dim", "eos_token_id"});
  fields.finish();
  return options;
}

/// The part under `key`, or the one under its older name, which counts where both are there.
JsonFields part_of(JsonFields& fields, const std::string& key) {
  const auto older = fields.optional<Json>(key + "_dict", Json());
  const auto plain = fields.optional<Json>(key, Json::object());
  const bool old_counts = !older.is_null();
  return {old_counts ? older : plain, fmt::format("{}: \"{}{}\"", fields.where(), key, old_counts ? "_dict" : "")};
}

ClipOptions read_both_towers(JsonFields& fields) {
  ClipOptions options;
  JsonFields text = part_of(fields, "text_config"), vision = part_of(fields, "vision_config");
  options.text = read_clip_text(text);
  options.vision = read_clip_vision(vision);
  options.projection_dim = read_count(fields, "projection_dim", options.projection_dim, ClipLimits::kWidth);
  fields.ignore({"model_type", "logit_scale_init_value", "tie_word_embeddings"});
  fields.ignore(kInertTransformersKeys);
  fields.finish();
  return options;
}

ClipOptions read_picture_tower(JsonFields& fields) {
  ClipOptions options;
  options.projection_dim = read_count(fields, "projection_dim", options.projection_dim, ClipLimits::kWidth);
  options.vision = read_clip_vision(fields);
  return options;
}

}  // namespace

ClipTextOptions ClipTextOptions::from_json(const Json& json, const std::string& where) {
  JsonFields fields(json, where);
  return read_clip_text(fields);
}

ClipOptions ClipOptions::from_json(const Json& json, const std::string& where) {
  JsonFields fields(json, where);
  const auto kind = fields.optional<std::string>("model_type", "missing");
  if (kind == "clip") return read_both_towers(fields);
  FMRI2IMG_CHECK(kind == "clip_vision_model",
                 "{}: \"model_type\" is {}; expected \"clip\" (both towers) or \"clip_vision_model\"",
                 where,
                 kind);
  return read_picture_tower(fields);
}

}  // namespace fmri2img::models
