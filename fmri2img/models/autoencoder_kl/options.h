#pragma once

#include <cstdint>
#include <vector>

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

}  // namespace fmri2img::models
