#include "fmri2img/models/unet/options.h"

#include <algorithm>

#include "fmri2img/models/config_fields.h"

namespace fmri2img::models {
namespace {

constexpr int64_t kMostUNetHeads = 256;
constexpr int64_t kMostUNetLayers = 16;
constexpr int64_t kWidestText = 8192;

/// One number for all levels, or one for each. Throws Error naming the key.
std::vector<int64_t> read_levels(
    JsonFields& fields, const std::string& key, int64_t fallback, int64_t most, size_t levels) {
  const auto json = fields.optional<Json>(key, fallback);
  const auto fits = [&](const Json& value) {
    return value.is_number_integer() && value.get<int64_t>() >= 1 && value.get<int64_t>() <= most;
  };
  const bool list = json.is_array() && json.size() == levels && std::ranges::all_of(json, fits);
  FMRI2IMG_CHECK(list || (!json.is_array() && fits(json)),
                 "{}: \"{}\" is {}; expected a number from 1 to {}, or {} of them, one for each of block_out_channels",
                 fields.where(),
                 key,
                 json.dump(),
                 most,
                 levels);
  return list ? json.get<std::vector<int64_t>>() : std::vector(levels, json.get<int64_t>());
}

/// "down_block_types" as has-cross-attention, checked; and that "up_block_types" are their mirror image.
std::vector<bool> read_block_types(JsonFields& fields, size_t levels) {
  using TypeNames = std::vector<std::string>;
  std::vector<bool> cross(levels, true);
  cross.back() = false;
  if (fields.contains("down_block_types")) {
    const auto down = fields.require<TypeNames>("down_block_types");
    FMRI2IMG_CHECK(down.size() == levels,
                   "{}: \"down_block_types\" has {} entries, \"block_out_channels\" {}",
                   fields.where(),
                   down.size(),
                   levels);
    for (size_t i = 0; i < levels; ++i) {
      FMRI2IMG_CHECK(
          down[i] == "CrossAttnDownBlock2D" || down[i] == "DownBlock2D",
          "{}: \"down_block_types\" holds \"{}\"; supported are \"CrossAttnDownBlock2D\" and \"DownBlock2D\"",
          fields.where(),
          down[i]);
      cross[i] = down[i] == "CrossAttnDownBlock2D";
    }
  }
  TypeNames mirrored;
  for (size_t i = levels; i-- > 0;) mirrored.emplace_back(cross[i] ? "CrossAttnUpBlock2D" : "UpBlock2D");
  const auto up = fields.optional<TypeNames>("up_block_types", mirrored);
  FMRI2IMG_CHECK(up == mirrored,
                 "{}: \"up_block_types\" is {}; supported is the mirror image of the blocks going down, {}",
                 fields.where(),
                 Json(up).dump(),
                 Json(mirrored).dump());
  return cross;
}

void check_heads(const UNetOptions& options, const std::string& where) {
  for (size_t i = 0; i < options.levels(); ++i) {
    const int64_t channels = options.block_out_channels[i];
    FMRI2IMG_CHECK(channels % options.heads[i] == 0,
                   "{}: \"attention_head_dim\" asks for {} heads, which do not divide the {} channels of level {}",
                   where,
                   options.heads[i],
                   channels,
                   i);
  }
}

/// Keys of diffusers' class that say something only at values which no Stable Diffusion 1.x or 2.x folder has.
void refuse_other_networks(JsonFields& fields) {
  fields.only("act_fn", "silu");
  fields.only("center_input_sample", false);
  fields.only("mid_block_type", "UNetMidBlock2DCrossAttn");
  fields.only("only_cross_attention", false);
  fields.only("downsample_padding", 1);
  fields.only("mid_block_scale_factor", 1);
  fields.only("reverse_transformer_layers_per_block", nullptr);
  fields.only("encoder_hid_dim", nullptr);
  fields.only("encoder_hid_dim_type", nullptr);
  fields.only("num_attention_heads", nullptr);
  fields.only("dual_cross_attention", false);
  fields.only("class_embed_type", nullptr);
  fields.only("addition_embed_type", nullptr);
  fields.only("addition_time_embed_dim", nullptr);
  fields.only("num_class_embeds", nullptr);
  fields.only("resnet_time_scale_shift", "default");
  fields.only("resnet_skip_time_act", false);
  fields.only("resnet_out_scale_factor", 1.0);
  fields.only("time_embedding_type", "positional");
  fields.only("time_embedding_dim", nullptr);
  fields.only("time_embedding_act_fn", nullptr);
  fields.only("timestep_post_act", nullptr);
  fields.only("conv_in_kernel", 3);
  fields.only("conv_out_kernel", 3);
  fields.only("projection_class_embeddings_input_dim", nullptr);
  fields.only("attention_type", "default");
  fields.only("class_embeddings_concat", false);
  fields.only("mid_block_only_cross_attention", nullptr);
  fields.only("cross_attention_norm", nullptr);
  fields.ignore(kInertModelKeys);
  // Dropout is for training. In diffusers "upcast_attention" changes the rounding of half precision alone, and not even
  // that with its default attention. The last says how many heads an absent embedding would have.
  fields.ignore({"dropout", "upcast_attention", "addition_embed_type_num_heads"});
}

}  // namespace

UNetOptions UNetOptions::from_json(const Json& json, const std::string& where) {
  JsonFields fields(json, where);
  UNetOptions options;
  options.in_channels = read_count(fields, "in_channels", options.in_channels, kMostLatentChannels);
  options.out_channels = read_count(fields, "out_channels", options.out_channels, kMostLatentChannels);
  options.block_out_channels =
      fields.optional<std::vector<int64_t>>("block_out_channels", std::move(options.block_out_channels));
  options.norm_num_groups = read_count(fields, "norm_num_groups", options.norm_num_groups, kMostChannels);
  check_block_channels(options.block_out_channels, options.norm_num_groups, where);
  options.cross_attention = read_block_types(fields, options.levels());
  options.layers_per_block = read_count(fields, "layers_per_block", options.layers_per_block, kMostUNetLayers);
  options.heads = read_levels(fields, "attention_head_dim", 8, kMostUNetHeads, options.levels());
  options.transformer_layers =
      read_levels(fields, "transformer_layers_per_block", 1, kMostUNetLayers, options.levels());
  options.cross_attention_dim = read_count(fields, "cross_attention_dim", 1280, kWidestText);
  options.use_linear_projection = fields.optional<bool>("use_linear_projection", false);
  options.norm_eps = fields.optional<double>("norm_eps", options.norm_eps);
  options.flip_sin_to_cos = fields.optional<bool>("flip_sin_to_cos", true);
  options.freq_shift = fields.optional<double>("freq_shift", 0);
  const int64_t condition = fields.optional<int64_t>("time_cond_proj_dim", 0);
  if (condition != 0) options.time_cond_proj_dim = read_count(fields, "time_cond_proj_dim", 1, kWidestText);
  options.sample_size = read_sample_size(fields);
  check_heads(options, where);
  refuse_other_networks(fields);
  fields.finish();
  return options;
}

}  // namespace fmri2img::models
