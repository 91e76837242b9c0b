#pragma once

#include <ATen/ATen.h>

#include <cmath>
#include <map>
#include <string>

#include "fmri2img/core/random.h"
#include "fmri2img/models/blip/blip.h"

namespace fmri2img::models {

// The models of tools/parity/blip.py: the same sizes, and weights drawn from the same seeds in the same order.

inline constexpr int64_t kEndToken = 2;

inline Json tower(const std::vector<int64_t>& sizes, const std::string& activation) {
  return {{"hidden_size", sizes[0]},
          {"intermediate_size", sizes[1]},
          {"num_hidden_layers", sizes[2]},
          {"num_attention_heads", sizes[3]},
          {"hidden_act", activation}};
}

inline BlipOptions seeded_options(const std::string& name) {
  struct Sizes {
    int64_t image, patch;
    std::vector<int64_t> vision;
    int64_t words;
    std::vector<int64_t> text;
    int64_t positions;
    std::string activation;
  };
  static const std::map<std::string, Sizes> sizes = {
      {"usual", {24, 8, {32, 64, 2, 4}, 61, {48, 80, 2, 3}, 40, "gelu"}},
      {"quick", {18, 8, {24, 40, 1, 2}, 23, {24, 48, 3, 2}, 16, "quick_gelu"}},
      {"few words", {16, 8, {16, 32, 1, 2}, 5, {16, 32, 1, 2}, 16, "gelu"}},
  };
  const Sizes& own = sizes.at(name);
  Json vision = tower(own.vision, own.activation);
  vision.update({{"image_size", own.image}, {"patch_size", own.patch}});
  Json text = tower(own.text, own.activation);
  text.update({{"vocab_size", own.words},
               {"max_position_embeddings", own.positions},
               {"bos_token_id", 1},
               {"sep_token_id", kEndToken},
               {"pad_token_id", 0}});
  return BlipOptions::from_json({{"vision_config", vision}, {"text_config", text}}, name);
}

inline at::Tensor seeded_normal(const std::vector<int64_t>& shape, at::Generator& generator) {
  return at::randn(shape, generator, at::kFloat);
}

/// `draw_weights` of the script.
inline void draw_weights(const std::string& name, at::Tensor& value, at::Generator& generator) {
  const at::Tensor noise = seeded_normal(value.sizes().vec(), generator);
  if (value.dim() == 1) {
    value.copy_(name.ends_with("bias") ? noise * 0.2 : 1 + noise * 0.2);
  } else if (value.dim() == 3) {
    value.copy_(noise * 0.7);
  } else {
    const auto has = [&](const char* part) { return name.find(part) != std::string::npos; };
    const double gain = has("position_embeddings") ? 14 : has("crossattention.output") ? 0.7 : 2;
    const auto fan_in = static_cast<double>(value.numel()) / static_cast<double>(value.size(0));
    value.copy_(noise * gain / std::sqrt(fan_in));
  }
}

/// In the order of their names, as the script draws them.
inline std::map<std::string, at::Tensor> sorted_parameters(const torch::nn::Module& module) {
  std::map<std::string, at::Tensor> sorted;
  for (const auto& item : module.named_parameters()) sorted.emplace(item.key(), item.value());
  return sorted;
}

inline Blip seeded_blip(const std::string& name, uint64_t seed, double end_bias = 0) {
  const at::NoGradGuard no_grad;
  Blip model(seeded_options(name));
  at::Generator generator = make_generator(seed);
  for (auto& [key, value] : sorted_parameters(*model)) draw_weights(key, value, generator);
  model->text_decoder->cls->predictions->bias[kEndToken] += end_bias;
  return model;
}

inline at::Tensor seeded_pictures(const Blip& model, uint64_t seed, int64_t count) {
  const int64_t side = model->options.vision.image_size;
  at::Generator generator = make_generator(seed);
  return seeded_normal({count, 3, side, side}, generator);
}

}  // namespace fmri2img::models
