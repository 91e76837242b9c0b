#include "fmri2img/models/autoencoder_tiny/options.h"

#include <ATen/core/Tensor.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "fmri2img/models/config_fields.h"

namespace fmri2img::models {
namespace {

constexpr size_t kMostLevels = 8;
constexpr int64_t kMostBlocksInLevel = 64;

/// The number of channels that every level has: the strided convolutions between levels cannot change it.
int64_t read_channels(JsonFields& fields, const std::string& key, int64_t fallback, size_t levels) {
  const auto channels = fields.optional<std::vector<int64_t>>(key, std::vector<int64_t>(levels, fallback));
  const bool all_equal = !channels.empty() && std::ranges::count(channels, channels[0]) == std::ssize(channels);
  FMRI2IMG_CHECK(all_equal && channels.size() == levels && channels[0] >= 1 && channels[0] <= kMostChannels,
                 "{}: \"{}\" is [{}]; expected {} equal numbers from 1 to {}, one for each resolution",
                 fields.where(),
                 key,
                 fmt::join(channels, ", "),
                 levels,
                 kMostChannels);
  return channels[0];
}

std::vector<int64_t> read_blocks(JsonFields& fields, const std::string& key, std::vector<int64_t> fallback) {
  auto blocks = fields.optional<std::vector<int64_t>>(key, std::move(fallback));
  const bool in_range =
      std::ranges::all_of(blocks, [](int64_t count) { return count >= 0 && count <= kMostBlocksInLevel; });
  FMRI2IMG_CHECK(!blocks.empty() && blocks.size() <= kMostLevels && in_range,
                 "{}: \"{}\" is [{}]; expected 1 to {} numbers from 0 to {}",
                 fields.where(),
                 key,
                 fmt::join(blocks, ", "),
                 kMostLevels,
                 kMostBlocksInLevel);
  return blocks;
}

int64_t channels_of(const io::StateDict& tensors, const std::string& name, const std::string& where) {
  const auto found = tensors.find(name);
  FMRI2IMG_CHECK(found != tensors.end() && found->second.dim() >= 1 && found->second.size(0) >= 1,
                 "{}: tensor \"{}\" is missing; expected the encoder of a tiny autoencoder as its author publishes it",
                 where,
                 name);
  return found->second.size(0);
}

void check_most(int64_t channels, int64_t most, const std::string& name, const std::string& where) {
  FMRI2IMG_CHECK(
      channels <= most, "{}: tensor \"{}\" has {} channels, expected at most {}", where, name, channels, most);
}

}  // namespace

AutoencoderTinyOptions AutoencoderTinyOptions::from_json(const Json& json, const std::string& where) {
  JsonFields fields(json, where);
  AutoencoderTinyOptions options;
  options.latent_channels = read_count(fields, "latent_channels", options.latent_channels, kMostLatentChannels);
  options.num_encoder_blocks = read_blocks(fields, "num_encoder_blocks", std::move(options.num_encoder_blocks));
  options.num_decoder_blocks = read_blocks(fields, "num_decoder_blocks", std::move(options.num_decoder_blocks));
  FMRI2IMG_CHECK(options.num_encoder_blocks.size() == options.num_decoder_blocks.size(),
                 "{}: \"num_encoder_blocks\" has {} resolutions, \"num_decoder_blocks\" {}",
                 where,
                 options.num_encoder_blocks.size(),
                 options.num_decoder_blocks.size());
  const size_t levels = options.num_encoder_blocks.size();
  options.encoder_channels = read_channels(fields, "encoder_block_out_channels", options.encoder_channels, levels);
  options.decoder_channels = read_channels(fields, "decoder_block_out_channels", options.decoder_channels, levels);
  options.scaling_factor = read_scaling_factor(fields, options.scaling_factor);
  options.shift_factor = fields.optional<double>("shift_factor", 0.0);
  fields.only("act_fn", "relu");
  fields.only("upsample_fn", "nearest");
  fields.only("upsampling_scaling_factor", 2);
  fields.only("in_channels", kColours);
  fields.only("out_channels", kColours);
  fields.ignore(kInertModelKeys);
  fields.ignore({"block_out_channels", "latent_magnitude", "latent_shift"});  // of latents stored as 8-bit pictures
  fields.finish();
  return options;
}

AutoencoderTinyOptions AutoencoderTinyOptions::from_encoder(const io::StateDict& tensors, const std::string& where) {
  AutoencoderTinyOptions options;
  options.encoder_channels = options.decoder_channels = channels_of(tensors, "0.weight", where);
  options.latent_channels = channels_of(tensors, "14.weight", where);
  options.midblock_group_norm = tensors.contains("11.pool.0.weight");
  check_most(options.encoder_channels, kMostChannels, "0.weight", where);
  check_most(options.latent_channels, kMostLatentChannels, "14.weight", where);
  return options;
}

}  // namespace fmri2img::models
