#include "fmri2img/models/autoencoder_kl/options.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "fmri2img/models/config_fields.h"

namespace fmri2img::models {
namespace {

void check_block_types(JsonFields& fields, const std::string& key, const std::string& type, size_t blocks) {
  const auto types = fields.optional<std::vector<std::string>>(key, std::vector<std::string>(blocks, type));
  const bool all = std::ranges::all_of(types, [&](const std::string& name) { return name == type; });
  FMRI2IMG_CHECK(all && types.size() == blocks,
                 "{}: \"{}\" is [{}]; only {} times {} is supported, one for each of block_out_channels",
                 fields.where(),
                 key,
                 fmt::join(types, ", "),
                 blocks,
                 type);
}

HalfOptions half(const AutoencoderKLOptions& options, int64_t in_channels, int64_t out_channels) {
  return {.in_channels = in_channels,
          .out_channels = out_channels,
          .block_out_channels = options.block_out_channels,
          .layers_per_block = options.layers_per_block,
          .norm_num_groups = options.norm_num_groups,
          .mid_block_add_attention = options.mid_block_add_attention};
}

}  // namespace

HalfOptions AutoencoderKLOptions::encoder() const {
  return half(*this, kColours, latent_channels);
}

HalfOptions AutoencoderKLOptions::decoder() const {
  return half(*this, latent_channels, kColours);
}

AutoencoderKLOptions AutoencoderKLOptions::from_json(const Json& json, const std::string& where) {
  JsonFields fields(json, where);
  AutoencoderKLOptions options;
  options.block_out_channels =
      fields.optional<std::vector<int64_t>>("block_out_channels", std::move(options.block_out_channels));
  options.layers_per_block = read_count(fields, "layers_per_block", options.layers_per_block, 16);
  options.latent_channels = read_count(fields, "latent_channels", options.latent_channels, kMostLatentChannels);
  options.norm_num_groups = read_count(fields, "norm_num_groups", options.norm_num_groups, kMostChannels);
  options.mid_block_add_attention = fields.optional<bool>("mid_block_add_attention", true);
  options.use_quant_conv = fields.optional<bool>("use_quant_conv", true);
  options.use_post_quant_conv = fields.optional<bool>("use_post_quant_conv", true);
  options.scaling_factor = read_scaling_factor(fields, options.scaling_factor);
  options.shift_factor = fields.optional<double>("shift_factor", 0.0);
  options.sample_size = read_sample_size(fields);
  check_block_channels(options.block_out_channels, options.norm_num_groups, where);
  check_block_types(fields, "down_block_types", "DownEncoderBlock2D", options.block_out_channels.size());
  check_block_types(fields, "up_block_types", "UpDecoderBlock2D", options.block_out_channels.size());
  fields.only("act_fn", "silu");
  fields.only("in_channels", kColours);
  fields.only("out_channels", kColours);
  fields.only("latents_mean", nullptr);
  fields.only("latents_std", nullptr);
  fields.ignore(kInertModelKeys);
  fields.finish();
  return options;
}

}  // namespace fmri2img::models
