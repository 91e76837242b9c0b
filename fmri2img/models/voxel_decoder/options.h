#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"
#include "fmri2img/models/latent_codec.h"

namespace fmri2img::models {

/// Sizes of the voxel decoder, kept in a decoder's config.json. The defaults are the original's at 4 x 64 x 64.
struct VoxelDecoderOptions {
  int64_t num_inputs = 0;  ///< responses it reads: all vertices, or those of a ROI set

  int64_t width = 2048;  ///< of the hidden layers
  int64_t blocks = 4;    ///< residual layers after the first

  /// Maps of the upsampler, the finest resolution first. Each further entry doubles the resolution once more: the
  /// upsampler starts from the latent grid / 2^(entries - 1), rounded up, and what it makes too much is cut off.
  /// REQUIRES: multiples of 32 (the groups of its normalisations).
  std::vector<int64_t> channels = {64, 128, 256};

  LatentShape latent{4, 64, 64};

  /// Throws Error (wrong usage) naming the option that is out of range.
  void check() const;

  int64_t start_height() const;  ///< of the upsampler's input
  int64_t start_width() const;

  Json to_json() const;

  /// Throws Error naming `where` for a missing, unknown or malformed key.
  static VoxelDecoderOptions from_json(const Json& json, const std::string& where);
};

}  // namespace fmri2img::models
