#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fmri2img/core/json.h"

namespace fmri2img::models {

/// Sizes of one half of the Stable Diffusion autoencoder, or of a stack that is built like it.
struct HalfOptions {
  int64_t in_channels = 0;
  int64_t out_channels = 0;

  /// Channels of each resolution, the finest first (for both halves, as in diffusers).
  std::vector<int64_t> block_out_channels;

  /// Residual blocks a resolution of the encoder; the decoder has one more.
  int64_t layers_per_block = 2;

  /// Groups of every normalisation. REQUIRES: divides every channel count.
  int64_t norm_num_groups = 32;

  /// Self-attention between the two residual blocks at the coarsest resolution.
  bool mid_block_add_attention = true;
};

/// A whole autoencoder, as its `config.json` describes it. Keys and defaults are those of diffusers' AutoencoderKL.
struct AutoencoderKLOptions {
  std::vector<int64_t> block_out_channels = {64};
  int64_t layers_per_block = 1;
  int64_t latent_channels = 4;  ///< 1 to 32
  int64_t norm_num_groups = 32;
  bool mid_block_add_attention = true;
  bool use_quant_conv = true;       ///< 1x1 convolution of the moments
  bool use_post_quant_conv = true;  ///< 1x1 convolution of the latents

  /// Latents as decoders and diffusion see them are (z - shift_factor) * scaling_factor.
  double scaling_factor = 0.18215;
  double shift_factor = 0;

  /// Height and width of the pictures it was trained on, where the file says.
  std::optional<std::pair<int64_t, int64_t>> sample_size;

  /// Pixels a latent on each axis.
  int64_t factor() const { return int64_t{1} << (block_out_channels.size() - 1); }

  HalfOptions encoder() const;
  HalfOptions decoder() const;

  /// From the content of `config.json`; `where` names the file. Throws Error for an unknown key, a known one at a value
  /// that is not supported, and sizes that fit no autoencoder (before anything is allocated for them).
  static AutoencoderKLOptions from_json(const Json& json, const std::string& where);
};

}  // namespace fmri2img::models
