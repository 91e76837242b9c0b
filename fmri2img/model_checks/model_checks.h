#pragma once

#include <torch/nn/module.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "fmri2img/data/checks/finding.h"
#include "fmri2img/models/autoencoder_kl/options.h"
#include "fmri2img/models/clip/options.h"
#include "fmri2img/models/unet/options.h"
#include "fmri2img/nn/load_weights.h"
#include "fmri2img/nn/parameter.h"

namespace fmri2img::model_checks {

// The checks behind check_models.h, one kind of model each. They add to the findings; those of networks return the
// options that other files have to fit, where they could be read.

using data::Findings;

void check_stable_diffusion(Findings& findings, const std::filesystem::path& folder);
std::optional<models::UNetOptions> check_unet(Findings& findings, const std::filesystem::path& folder);
std::optional<models::AutoencoderKLOptions> check_autoencoder_kl(Findings& findings,
                                                                 const std::filesystem::path& folder);
void check_autoencoder_tiny(Findings& findings, const std::filesystem::path& folder);
std::optional<models::ClipTextOptions> check_text_encoder(Findings& findings, const std::filesystem::path& folder);
void check_clip(Findings& findings, const std::filesystem::path& folder_or_file);
void check_blip(Findings& findings, const std::filesystem::path& folder);
void check_decoder(Findings& findings, const std::filesystem::path& folder);

/// Runs `read`; an Error that it throws becomes an error about the file that its message begins with, else about
/// `file`: "model-config" for a JSON file, "model-file" for another. Returns whether there was none.
bool can_read(Findings& findings, const std::filesystem::path& file, const std::function<void()>& read);

/// Runs `check`; an Error that it throws is one about files that do not belong together ("model-parts").
void check_parts(Findings& findings, const std::filesystem::path& folder, const std::function<void()>& check);

/// The tokenizer's ids have to be below the model's "vocab_size".
void check_vocabulary(Findings& findings,
                      const std::filesystem::path& tokenizer,
                      int64_t highest_id,
                      int64_t vocab_size);

/// "model-size".
void add_size(Findings& findings, const std::filesystem::path& folder, const std::string& name, int64_t parameters);

/// "model-tensor" about the file that each is in, the first 20 and how many more.
void add_tensor_problems(Findings& findings, const std::vector<nn::WeightProblem>& problems);

int64_t count_parameters(const torch::nn::Module& module);

/// Compares the files of one network, as `read` gives them (a models::ModelSource), with a Module of their options,
/// which takes no memory.
template <class Module, class Read>
auto check_network(Findings& findings, const std::filesystem::path& path, const std::string& name, Read read) {
  std::optional<std::invoke_result_t<Read, const std::filesystem::path&>> source;
  const bool is_read = can_read(findings, path, [&] {
    source = read(path);
    const nn::ParametersWithoutMemory unread;
    const Module module(source->options);
    add_size(findings, path, name, count_parameters(*module));
    add_tensor_problems(findings, nn::find_weight_problems(*module, source->weights, source->rules));
  });
  if (!is_read) source.reset();
  return source;
}

}  // namespace fmri2img::model_checks
