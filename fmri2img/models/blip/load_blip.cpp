#include <ATen/ATen.h>

#include "fmri2img/io/state_dict.h"
#include "fmri2img/models/blip/blip.h"
#include "fmri2img/nn/load_weights.h"

namespace fmri2img::models {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEmbeddings = "text_decoder.bert.embeddings.word_embeddings.weight";
constexpr const char* kHeadMatrix = "text_decoder.cls.predictions.decoder.weight";
constexpr const char* kBias = "text_decoder.cls.predictions.bias";
constexpr const char* kHeadBias = "text_decoder.cls.predictions.decoder.bias";

bool are_equal(const at::Tensor& one, const at::Tensor& other) {
  return one.scalar_type() == other.scalar_type() && at::equal(one, other);
}

void move_tensor(io::StateDict& tensors, const std::string& from, const std::string& to) {
  tensors[to] = tensors.at(from);
  tensors.erase(from);
}

/// Leaves the head's matrix where it is one of its own, and one bias. Returns whether the matrix is tied.
bool tie_head(io::StateDict& tensors, bool tie) {
  if (tensors.contains(kHeadBias)) move_tensor(tensors, kHeadBias, kBias);
  if (!tie) return false;
  if (!tensors.contains(kHeadMatrix)) return true;
  const auto embeddings = tensors.find(kEmbeddings);
  if (embeddings == tensors.end()) {
    move_tensor(tensors, kHeadMatrix, kEmbeddings);
    return true;
  }
  if (!are_equal(embeddings->second, tensors.at(kHeadMatrix))) return false;
  tensors.erase(kHeadMatrix);
  return true;
}

}  // namespace

ModelSource<BlipOptions> read_blip_source(const fs::path& folder) {
  const fs::path config = folder / "config.json";
  ModelSource<BlipOptions> source = {
      .options = BlipOptions::from_json(read_json(config), fmt::format("\"{}\"", config.string())),
      .weights = io::read_located_weights(folder),
      .rules = {.ignored_suffixes = {"position_ids"}}};
  bool& tied = source.options.text.tie_word_embeddings;
  tied = tie_head(source.weights.tensors, tied);
  return source;
}

Blip load_blip(const fs::path& folder) {
  const ModelSource<BlipOptions> source = read_blip_source(folder);
  Blip model(source.options);
  nn::load_weights(*model, source.weights, source.rules);
  return model;
}

}  // namespace fmri2img::models
