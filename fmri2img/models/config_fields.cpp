#include "fmri2img/models/config_fields.h"

#include <cmath>

namespace fmri2img::models {
namespace {

constexpr size_t kMostBlocks = 8;

}  // namespace

int64_t read_count(JsonFields& fields, const std::string& key, int64_t fallback, int64_t most) {
  const auto count = fields.optional<int64_t>(key, fallback);
  FMRI2IMG_CHECK(count >= 1 && count <= most, "{}: \"{}\" is {}, expected 1 to {}", fields.where(), key, count, most);
  return count;
}

void check_block_channels(const std::vector<int64_t>& blocks, int64_t groups, const std::string& where) {
  FMRI2IMG_CHECK(!blocks.empty() && blocks.size() <= kMostBlocks,
                 "{}: \"block_out_channels\" has {} entries, expected 1 to {}",
                 where,
                 blocks.size(),
                 kMostBlocks);
  for (const int64_t channels : blocks) {
    FMRI2IMG_CHECK(channels >= 1 && channels <= kMostChannels && channels % groups == 0,
                   "{}: \"block_out_channels\" holds {}; expected a multiple of norm_num_groups ({}) up to {}",
                   where,
                   channels,
                   groups,
                   kMostChannels);
  }
}

double read_scaling_factor(JsonFields& fields, double fallback) {
  const auto factor = fields.optional<double>("scaling_factor", fallback);
  FMRI2IMG_CHECK(std::isfinite(factor) && factor > 0,
                 "{}: \"scaling_factor\" is {}, expected a positive number",
                 fields.where(),
                 factor);
  return factor;
}

std::optional<std::pair<int64_t, int64_t>> read_sample_size(JsonFields& fields) {
  const auto json = fields.optional<Json>("sample_size", Json());
  if (json.is_null()) return std::nullopt;
  const Json sides = json.is_array() ? json : Json{json, json};
  FMRI2IMG_CHECK(sides.size() == 2 && sides[0].is_number_integer() && sides[1].is_number_integer(),
                 "{}: \"sample_size\" is {}, expected one whole number or [height, width]",
                 fields.where(),
                 json.dump());
  const auto height = sides[0].get<int64_t>();
  const auto width = sides[1].get<int64_t>();
  FMRI2IMG_CHECK(height >= 1 && width >= 1 && height <= kLongestSampleSide && width <= kLongestSampleSide,
                 "{}: \"sample_size\" is {}, expected 1 to {} pixels a side",
                 fields.where(),
                 json.dump(),
                 kLongestSampleSide);
  return std::pair(height, width);
}

}  // namespace fmri2img::models
