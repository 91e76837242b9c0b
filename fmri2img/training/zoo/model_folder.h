#pragma once

#include <torch/nn/module.h>

#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"
#include "fmri2img/training/zoo/lessons/recipe.h"

namespace fmri2img::training {

/// What a person who finds a model's folder wants to know.
struct ModelCard {
  std::string title;     ///< "Mini autoencoder"
  std::string what;      ///< a paragraph
  std::string pictures;  ///< what it was trained on
  Recipe recipe;
  Json figures = Json::object();  ///< on pictures that it was not trained on
  std::vector<std::string> command_line;
};

/// Writes the weights of `module` in float16, in the layout of Hugging Face: those whose names begin with `prefix`.
void write_weights(const std::filesystem::path& file, const torch::nn::Module& module, const std::string& prefix = "");

/// `README.md` of a model's folder: the card, and the SHA-256 of `weights`.
void write_card(const std::filesystem::path& folder, const ModelCard& card, const std::filesystem::path& weights);

}  // namespace fmri2img::training
