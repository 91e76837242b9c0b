#pragma once

#include <cstdint>
#include <string>

#include "fmri2img/core/json.h"
#include "fmri2img/nn/activation.h"

namespace fmri2img::models {

/// BLIP's vision tower. Names and defaults are those of transformers' BlipVisionConfig.
struct BlipVisionOptions {
  int64_t image_size = 384;  ///< side of the pictures
  int64_t patch_size = 16;
  int64_t hidden_size = 768;
  int64_t intermediate_size = 3072;
  int64_t num_hidden_layers = 12;
  int64_t num_attention_heads = 12;
  nn::Activation hidden_act = nn::Activation::kGelu;
  double layer_norm_eps = 1e-5;

  /// Patches of a picture and the class token.
  int64_t positions() const;
};

/// BLIP's text decoder. Names and defaults are those of transformers' BlipTextConfig.
struct BlipTextOptions {
  int64_t vocab_size = 30524;
  int64_t hidden_size = 768;
  int64_t encoder_hidden_size = 768;  ///< of the vision tower
  int64_t intermediate_size = 3072;
  int64_t num_hidden_layers = 12;
  int64_t num_attention_heads = 8;
  int64_t max_position_embeddings = 512;
  nn::Activation hidden_act = nn::Activation::kGelu;
  double layer_norm_eps = 1e-12;
  double label_smoothing = 0;       ///< of the training loss, 0 to 1
  bool tie_word_embeddings = true;  ///< the head's matrix is that of the embeddings
  int64_t bos_token_id = 30522;     ///< [DEC]: a caption begins with it
  int64_t sep_token_id = 102;       ///< [SEP]: a caption ends with it
  int64_t pad_token_id = 0;
};

struct BlipOptions {
  BlipVisionOptions vision;
  BlipTextOptions text;

  /// From the content of `config.json`; `where` names the file. Keys that do not change what is computed are ignored:
  /// the settings of `generate` among them, which transformers 5 ignores in this file too. Throws Error for an unknown
  /// key, a known one at a value that is not supported, and sizes that fit no model (before anything is allocated).
  static BlipOptions from_json(const Json& json, const std::string& where);
};

}  // namespace fmri2img::models
