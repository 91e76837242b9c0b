#pragma once

#include <cmath>
#include <string>

#include "fmri2img/models/config_fields.h"
#include "fmri2img/nn/activation.h"

namespace fmri2img::models {

/// Sizes beyond which a config.json is no model's.
struct TowerLimits {
  int64_t width, inner_width, layers;
};

/// What the config.json of transformers says of a transformer, be it of pictures or of text: sizes, activation,
/// epsilon. `Options` has members of the keys' names; they hold the defaults. Throws Error naming file and key.
template <class Options>
void read_tower(JsonFields& fields, Options& options, const TowerLimits& limits, const std::string& activation) {
  options.hidden_size = read_count(fields, "hidden_size", options.hidden_size, limits.width);
  options.intermediate_size = read_count(fields, "intermediate_size", options.intermediate_size, limits.inner_width);
  options.num_hidden_layers = read_count(fields, "num_hidden_layers", options.num_hidden_layers, limits.layers);
  options.num_attention_heads = read_count(fields, "num_attention_heads", options.num_attention_heads, limits.width);
  FMRI2IMG_CHECK(options.hidden_size % options.num_attention_heads == 0,
                 "{}: \"hidden_size\" is {}, which \"num_attention_heads\" ({}) does not divide",
                 fields.where(),
                 options.hidden_size,
                 options.num_attention_heads);
  options.hidden_act = nn::parse_activation(fields.optional<std::string>("hidden_act", activation), fields.where());
  options.layer_norm_eps = fields.optional<double>("layer_norm_eps", options.layer_norm_eps);
  FMRI2IMG_CHECK(std::isfinite(options.layer_norm_eps) && options.layer_norm_eps >= 0,
                 "{}: \"layer_norm_eps\" is {}, expected a number from 0",
                 fields.where(),
                 options.layer_norm_eps);
}

}  // namespace fmri2img::models
