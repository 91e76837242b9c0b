#pragma once

#include <torch/nn/module.h>

#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"
#include "fmri2img/training/zoo/lessons/recipe.h"
#include "fmri2img/training/zoo/zoo_job.h"

namespace fmri2img::training {

/// What the weights' file is called in the folders of either library.
inline constexpr const char* kDiffusersWeights = "diffusion_pytorch_model.safetensors";
inline constexpr const char* kTransformersWeights = "model.safetensors";

/// What a person who finds a model's folder wants to know.
struct ModelCard {
  std::string title;     ///< "Mini autoencoder"
  std::string what;      ///< a paragraph
  std::string pictures;  ///< what it was trained on
  Recipe recipe;
  Json figures = Json::object();  ///< on pictures that it was not trained on
  std::vector<std::string> command_line;
  std::string contact_sheet;  ///< what contact_sheet.png shows; empty: there is none
};

/// `what` with a sentence more: that the model knows the job's kind of pictures and nothing else.
std::string and_what_it_knows(const std::string& what, const ZooJob& job);

/// The card of a model that a job has trained.
ModelCard card_of(const ZooJob& job, const Recipe& recipe, std::string title, std::string what, Json figures);

/// Writes the weights of `module` in float16, in the layout of Hugging Face: those whose names begin with `prefix`.
void write_weights(const std::filesystem::path& file, const torch::nn::Module& module, const std::string& prefix = "");

/// README.md of a model's folder: the card, with the SHA-256 of `weights` (a name in it), which are there.
void write_card(const std::filesystem::path& folder, const std::string& weights, const ModelCard& card);

/// A model's folder: `weights` (a name in it) by `write_weights`, config.json, and the card.
void write_model(const std::filesystem::path& folder,
                 const std::string& weights,
                 const torch::nn::Module& module,
                 const Json& config,
                 const ModelCard& card,
                 const std::string& prefix = "");

}  // namespace fmri2img::training
