#include "fmri2img/models/clip/openai.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/models/clip/options.h"
#include "fmri2img/models/config_fields.h"

namespace fmri2img::models {
namespace {

using Names = std::pair<std::string_view, std::string_view>;

constexpr int64_t kHeadWidth = 64;
constexpr std::string_view kPictureBlocks = "visual.transformer.resblocks.";
constexpr std::string_view kTextBlocks = "transformer.resblocks.";
constexpr std::string_view kNumbers[] = {"input_resolution", "context_length", "vocab_size"};

/// Outside the blocks: whole names, and beginnings that end in a dot.
constexpr Names kOuterNames[] = {
    {"visual.conv1.weight", "vision_model.embeddings.patch_embedding.weight"},
    {"visual.class_embedding", "vision_model.embeddings.class_embedding"},
    {"visual.positional_embedding", "vision_model.embeddings.position_embedding.weight"},
    {"visual.ln_pre.", "vision_model.pre_layrnorm."},
    {"visual.ln_post.", "vision_model.post_layernorm."},
    {"visual.proj", "visual_projection.weight"},
    {"token_embedding.weight", "text_model.embeddings.token_embedding.weight"},
    {"positional_embedding", "text_model.embeddings.position_embedding.weight"},
    {"ln_final.", "text_model.final_layer_norm."},
    {"text_projection", "text_projection.weight"},
};

/// Inside a block: beginnings.
constexpr Names kInnerNames[] = {
    {"ln_1.", "layer_norm1."},
    {"ln_2.", "layer_norm2."},
    {"attn.out_proj.", "self_attn.out_proj."},
    {"mlp.c_fc.", "mlp.fc1."},
    {"mlp.c_proj.", "mlp.fc2."},
};

bool starts_with(std::string_view name, std::string_view beginning) {
  return beginning.ends_with('.') ? name.starts_with(beginning) : name == beginning;
}

template <size_t kCount> std::string replace(const std::string& name, const Names (&table)[kCount]) {
  for (const auto& [theirs, ours] : table) {
    if (starts_with(name, theirs)) return std::string(ours) + name.substr(theirs.size());
  }
  return name;
}

void add_block_tensor(const std::string& prefix,
                      const std::string& rest,  // "3.ln_1.weight"
                      const at::Tensor& tensor,
                      const std::string& where,
                      io::StateDict& renamed) {
  const size_t dot = std::min(rest.find('.'), rest.size() - 1);
  const std::string layer = prefix + ".encoder.layers." + rest.substr(0, dot + 1), inner = rest.substr(dot + 1);
  if (!inner.starts_with("attn.in_proj_")) {
    renamed[layer + replace(inner, kInnerNames)] = tensor;
    return;
  }
  FMRI2IMG_CHECK(
      tensor.dim() >= 1 && tensor.size(0) % 3 == 0,
      "{}: tensor \"{}\" of block {} is {}; expected the weights of query, key and value in three equal parts",
      where,
      inner,
      rest.substr(0, dot),
      format_shape(tensor.sizes().vec()));
  const std::vector<at::Tensor> parts = tensor.chunk(3);
  for (size_t i = 0; i < 3; ++i) {
    const char* kind = std::array{"q", "k", "v"}[i];
    renamed[fmt::format("{}self_attn.{}_proj.{}", layer, kind, inner.substr(13))] = parts[i];
  }
}

/// Sizes of tensors that come without a config.
class OpenAiSizes {
 public:
  OpenAiSizes(const io::StateDict& tensors, const std::string& where) : tensors_(tensors), where_(where) {}

  int64_t size(const std::string& name, int64_t dim, int64_t most) const {
    const auto found = tensors_.find(name);
    FMRI2IMG_CHECK(
        found != tensors_.end() && found->second.dim() > dim,
        "{}: tensor \"{}\" is missing; expected OpenAI's CLIP with a vision transformer (ViT-L-14.pt and its "
        "like)",
        where_,
        name);
    const int64_t length = found->second.size(dim);
    FMRI2IMG_CHECK(length >= 1 && length <= most,
                   "{}: tensor \"{}\" is {}; expected sizes of 1 to {}",
                   where_,
                   name,
                   format_shape(found->second.sizes().vec()),
                   most);
    return length;
  }

  ClipEncoderOptions encoder(std::string_view blocks, const std::string& norm) const {
    ClipEncoderOptions options;
    options.hidden_size = size(norm, 0, ClipLimits::kWidth);
    FMRI2IMG_CHECK(options.hidden_size % kHeadWidth == 0,
                   "{}: tensor \"{}\" is {} wide; expected a multiple of {}, the width of an attention head",
                   where_,
                   norm,
                   options.hidden_size,
                   kHeadWidth);
    options.num_attention_heads = options.hidden_size / kHeadWidth;
    options.num_hidden_layers = 0;
    const auto name = [&](int64_t i) { return fmt::format("{}{}.mlp.c_fc.weight", blocks, i); };
    while (tensors_.contains(name(options.num_hidden_layers))) ++options.num_hidden_layers;
    options.intermediate_size = size(name(0), 0, ClipLimits::kInnerWidth);
    return options;
  }

 private:
  const io::StateDict& tensors_;
  const std::string& where_;
};

}  // namespace

bool is_openai_clip(const io::StateDict& tensors) {
  return tensors.contains("visual.class_embedding") || tensors.contains("visual.conv1.weight");
}

ClipOptions ClipOptions::from_openai(const io::StateDict& tensors, const std::string& where) {
  const OpenAiSizes sizes(tensors, where);
  ClipOptions options;
  options.vision.encoder = sizes.encoder(kPictureBlocks, "visual.ln_post.weight");
  options.vision.patch_size = sizes.size("visual.conv1.weight", 3, kLongestSampleSide);
  const int64_t positions = sizes.size("visual.positional_embedding", 0, ClipLimits::kPositions) - 1;
  const auto side = static_cast<int64_t>(std::lround(std::sqrt(positions)));
  FMRI2IMG_CHECK(side >= 1 && side * side == positions && side * options.vision.patch_size <= kLongestSampleSide,
                 "{}: tensor \"visual.positional_embedding\" has {} rows; expected 1 more than a square number",
                 where,
                 positions + 1);
  options.vision.image_size = side * options.vision.patch_size;
  options.projection_dim = sizes.size("visual.proj", 1, ClipLimits::kWidth);
  options.text.emplace();
  options.text->encoder = sizes.encoder(kTextBlocks, "ln_final.weight");
  options.text->vocab_size = sizes.size("token_embedding.weight", 0, ClipLimits::kWords);
  options.text->max_position_embeddings = sizes.size("positional_embedding", 0, ClipLimits::kPositions);
  options.text->eos_token_id = 2;  // the end token is found as the highest id, as OpenAI's program does
  return options;
}

io::StateDict rename_openai_tensors(const io::StateDict& tensors, const std::string& where) {
  io::StateDict renamed;
  for (const auto& [name, tensor] : tensors) {
    if (std::ranges::find(kNumbers, name) != std::end(kNumbers)) continue;
    if (name.starts_with(kPictureBlocks)) {
      add_block_tensor("vision_model", name.substr(kPictureBlocks.size()), tensor, where, renamed);
    } else if (name.starts_with(kTextBlocks)) {
      add_block_tensor("text_model", name.substr(kTextBlocks.size()), tensor, where, renamed);
    } else {
      const bool transposed = (name == "visual.proj" || name == "text_projection") && tensor.dim() == 2;
      renamed[replace(name, kOuterNames)] = transposed ? tensor.t() : tensor;
    }
  }
  return renamed;
}

}  // namespace fmri2img::models
