#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "fmri2img/core/json.h"
#include "fmri2img/io/state_dict.h"
#include "fmri2img/nn/activation.h"

namespace fmri2img::models {

/// Sizes that no CLIP reaches: what says more is refused before anything is allocated.
struct ClipLimits {
  static constexpr int64_t kLayers = 256;
  static constexpr int64_t kWidth = 16384;
  static constexpr int64_t kInnerWidth = 65536;
  static constexpr int64_t kWords = int64_t{1} << 20;
  static constexpr int64_t kPositions = 65536;
};

/// What the transformers of both towers have. Keys and defaults are those of transformers' configurations.
struct ClipEncoderOptions {
  int64_t hidden_size = 0;  ///< a multiple of num_attention_heads
  int64_t intermediate_size = 0;
  int64_t num_hidden_layers = 12;
  int64_t num_attention_heads = 0;
  nn::Activation hidden_act = nn::Activation::kQuickGelu;
  double layer_norm_eps = 1e-5;
};

struct ClipTextOptions {
  ClipEncoderOptions encoder = {.hidden_size = 512, .intermediate_size = 2048, .num_attention_heads = 8};
  int64_t vocab_size = 49408;
  int64_t max_position_embeddings = 77;

  /// The token whose state stands for the whole text: the first of them. 2 is a wrong value in many old files, and
  /// means the token with the highest id, which is the end token of CLIP's vocabulary.
  int64_t eos_token_id = 49407;

  /// From the `config.json` of a text encoder, such as Stable Diffusion's. `where` names the file. Throws Error for an
  /// unknown key, a known one at a value that is not supported, and sizes that fit no model.
  static ClipTextOptions from_json(const Json& json, const std::string& where);
};

struct ClipVisionOptions {
  ClipEncoderOptions encoder = {.hidden_size = 768, .intermediate_size = 3072, .num_attention_heads = 12};
  int64_t image_size = 224;  ///< pixels a side
  int64_t patch_size = 32;   ///< what is over at the right and the bottom is not seen

  int64_t patches() const { return (image_size / patch_size) * (image_size / patch_size); }
};

struct ClipOptions {
  std::optional<ClipTextOptions> text;  ///< nothing: the model has the picture tower only
  ClipVisionOptions vision;
  int64_t projection_dim = 512;

  /// From the `config.json` of a CLIPModel or a CLIPVisionModelWithProjection. As in transformers, a
  /// `text_config_dict` counts instead of `text_config`, and so for `vision_config`. Throws Error as above, or if it is
  /// the file of another kind of model.
  static ClipOptions from_json(const Json& json, const std::string& where);

  /// From OpenAI's own tensors, which come without a config: sizes are those of the tensors, heads are 64 wide. `where`
  /// names the file. Throws Error if one that is needed is missing, or they fit no such model.
  static ClipOptions from_openai(const io::StateDict& tensors, const std::string& where);
};

}  // namespace fmri2img::models
