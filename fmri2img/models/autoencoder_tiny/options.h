#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"
#include "fmri2img/io/state_dict.h"

namespace fmri2img::models {

/// A tiny autoencoder (TAESD and its kin). Keys and defaults are those of diffusers' AutoencoderTiny.
struct AutoencoderTinyOptions {
  int64_t latent_channels = 4;  ///< 1 to 32
  int64_t encoder_channels = 64;
  int64_t decoder_channels = 64;

  /// Residual blocks of each resolution: of the encoder the finest first, of the decoder the coarsest first.
  std::vector<int64_t> num_encoder_blocks = {1, 3, 3, 3};
  std::vector<int64_t> num_decoder_blocks = {3, 3, 3, 1};

  /// The blocks at the coarsest resolution normalise: TAEF2 alone, which diffusers does not know.
  bool midblock_group_norm = false;

  double scaling_factor = 1;
  double shift_factor = 0;

  /// Pixels a latent on each axis.
  int64_t factor() const { return int64_t{1} << (num_encoder_blocks.size() - 1); }

  /// From the content of `config.json`; `where` names the file. Throws Error for an unknown key, a known one at a value
  /// that is not supported, and sizes that fit no autoencoder.
  static AutoencoderTinyOptions from_json(const Json& json, const std::string& where);

  /// From the author's own encoder file, which has no config: the channels are those of its tensors. `where` names the
  /// file. Throws Error if its first or last tensor is not there.
  static AutoencoderTinyOptions from_encoder(const io::StateDict& tensors, const std::string& where);
};

}  // namespace fmri2img::models
