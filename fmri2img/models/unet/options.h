#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fmri2img/core/json.h"

namespace fmri2img::models {

/// Sizes of a UNet2DConditionModel, by the keys of its `config.json`. Defaults: those of diffusers, but for
/// cross_attention_dim, where Stable Diffusion 1.x is meant.
struct UNetOptions {
  int64_t in_channels = 4;
  int64_t out_channels = 4;
  std::vector<int64_t> block_out_channels = {320, 640, 1280, 1280};
  std::vector<bool> cross_attention = {true, true, true, false};  ///< down_block_types, finest first; mirrored going up
  int64_t layers_per_block = 2;
  std::vector<int64_t> heads = {8, 8, 8, 8};  ///< "attention_head_dim", which is the number of heads whatever its name
  std::vector<int64_t> transformer_layers = {1, 1, 1, 1};
  int64_t cross_attention_dim = 768;
  bool use_linear_projection = false;
  int64_t norm_num_groups = 32;
  double norm_eps = 1e-5;
  bool flip_sin_to_cos = true;
  double freq_shift = 0;
  std::optional<int64_t> time_cond_proj_dim;  ///< of networks that are told the guidance scale (LCM)
  std::optional<std::pair<int64_t, int64_t>> sample_size;

  size_t levels() const { return block_out_channels.size(); }
  int64_t time_channels() const { return 4 * block_out_channels.front(); }

  /// Reads a `config.json`. Throws Error (`where` names its source) for an unknown key, for a known key at a value that
  /// is not supported, and for sizes that contradict each other. Keys of diffusers' other UNets are known.
  static UNetOptions from_json(const Json& json, const std::string& where);
};

}  // namespace fmri2img::models
