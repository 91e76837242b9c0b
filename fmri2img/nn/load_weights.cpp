#include "fmri2img/nn/load_weights.h"

#include <ATen/ATen.h>
#include <torch/nn/module.h>

#include <algorithm>
#include <atomic>
#include <cmath>

#include "fmri2img/core/check.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/mapped_file.h"
#include "fmri2img/core/text.h"
#include "fmri2img/io/scalar_type.h"
#include "fmri2img/nn/state_dict.h"

namespace fmri2img::nn {
namespace {

constexpr size_t kMostNamed = 5;

struct FoundTensor {
  at::Tensor tensor;
  std::string file_name;  // its name in the file
};

using FoundTensors = std::map<std::string, FoundTensor>;  // by the module's names

bool is_ignored(const std::string& name, const LoadRules& rules) {
  const auto starts = [&](const std::string& prefix) { return name.starts_with(prefix); };
  const auto ends = [&](const std::string& suffix) { return name.ends_with(suffix); };
  return std::any_of(rules.ignored_prefixes.begin(), rules.ignored_prefixes.end(), starts) ||
         std::any_of(rules.ignored_suffixes.begin(), rules.ignored_suffixes.end(), ends);
}

FoundTensors rename_tensors(const io::LocatedWeights& weights, const LoadRules& rules) {
  FoundTensors renamed;
  for (const auto& [name, tensor] : weights.tensors) {
    const std::string own_name = rules.rename ? rules.rename(name) : name;
    if (is_ignored(own_name, rules)) continue;
    FMRI2IMG_CHECK(renamed.emplace(own_name, FoundTensor{tensor, name}).second,
                   "\"{}\": two tensors stand for \"{}\", one of them is \"{}\"",
                   weights.file_of(name).string(),
                   own_name,
                   name);
  }
  return renamed;
}

/// One pass without a copy: the extremes of numbers among which one is NaN are NaN.
bool is_finite(const at::Tensor& tensor) {
  if (tensor.numel() == 0) return true;
  const bool narrow = tensor.element_size() < 2;  // 8-bit types have no extremes
  const auto [lowest, highest] = at::aminmax(narrow ? tensor.to(at::kFloat) : tensor);
  forget_mapped_pages(tensor.const_data_ptr(), tensor.nbytes());
  return std::isfinite(lowest.item<double>()) && std::isfinite(highest.item<double>());
}

/// What is wrong with a tensor that is there; empty: nothing.
std::string describe_difference(const at::Tensor& wanted, const FoundTensor& found) {
  const at::Tensor& tensor = found.tensor;
  if (tensor.sizes() != wanted.sizes()) {
    return fmt::format("tensor \"{}\" is {}, the model expects {}",
                       found.file_name,
                       format_shape(tensor.sizes().vec()),
                       format_shape(wanted.sizes().vec()));
  }
  if (!tensor.is_floating_point()) {
    return fmt::format(
        "tensor \"{}\" holds {}, not floating-point numbers", found.file_name, c10::toString(tensor.scalar_type()));
  }
  return is_finite(tensor) ? "" : fmt::format("tensor \"{}\" holds NaN or infinite numbers", found.file_name);
}

std::vector<WeightProblem> find_problems(const std::map<std::string, at::Tensor>& wanted,
                                         const FoundTensors& found,
                                         const io::FileOfTensor& file_of) {
  std::vector<WeightProblem> problems;
  for (const auto& [name, tensor] : wanted) {
    const auto match = found.find(name);
    if (match == found.end()) {
      problems.push_back(
          {file_of(name), fmt::format("tensor \"{}\" ({}) is missing", name, format_shape(tensor.sizes().vec()))});
    } else if (const std::string difference = describe_difference(tensor, match->second); !difference.empty()) {
      problems.push_back({file_of(match->second.file_name), difference});
    }
  }
  for (const auto& [name, extra] : found) {
    if (wanted.contains(name)) continue;
    problems.push_back(
        {file_of(extra.file_name),
         fmt::format(
             "tensor \"{}\" ({}) is unknown to the model", extra.file_name, format_shape(extra.tensor.sizes().vec()))});
  }
  std::ranges::stable_sort(problems, {}, &WeightProblem::file);
  return problems;
}

/// Names a file before the first of its problems. REQUIRES: at least one problem.
std::string describe_problems(const std::vector<WeightProblem>& problems, const std::string& naming) {
  std::string text;
  for (size_t i = 0; i < std::min(problems.size(), kMostNamed); ++i) {
    const bool new_file = i == 0 || problems[i].file != problems[i - 1].file;
    text += i == 0 ? "" : "; ";
    text += new_file ? fmt::format("\"{}\"", problems[i].file.string()) : "";
    text += i == 0 ? fmt::format(" does not hold the weights of this model{}", naming) : "";
    text += (new_file ? ": " : "") + problems[i].what;
  }
  if (problems.size() > kMostNamed) text += fmt::format("; and {} more differences", problems.size() - kMostNamed);
  return text;
}

/// Says once that numbers of another type than float32 are converted.
void tell_conversion(const FoundTensors& found, const io::FileOfTensor& file_of) {
  static std::atomic<bool> told = false;
  for (const auto& [name, entry] : found) {
    if (entry.tensor.scalar_type() == at::kFloat) continue;
    if (told.exchange(true)) return;
    log_info("\"{}\" holds {} weights: such are converted to the type that is computed in",
             file_of(entry.file_name).string(),
             io::scalar_type_name(entry.tensor.scalar_type()));
    return;
  }
}

/// The tensors under the module's names. Throws Error if they are not exactly its own.
FoundTensors match_weights(const torch::nn::Module& module, const io::LocatedWeights& weights, const LoadRules& rules) {
  FoundTensors found = rename_tensors(weights, rules);
  const std::vector<WeightProblem> problems = find_problems(state_dict(module), found, weights.file_of);
  if (problems.empty()) {
    tell_conversion(found, weights.file_of);
    return found;
  }
  const std::string naming = rules.naming.empty() ? "" : fmt::format(" ({})", rules.naming);
  fail(ErrorKind::kBadInput,
       "{}. The weights and their configuration must be of one model: copy both again from where they came from",
       describe_problems(problems, naming));
}

}  // namespace

void load_weights(torch::nn::Module& module, const io::LocatedWeights& weights, const LoadRules& rules) {
  const FoundTensors found = match_weights(module, weights, rules);
  const at::NoGradGuard no_grad;
  for (auto& [name, tensor] : state_dict(module)) tensor.copy_(found.at(name).tensor);
}

void adopt_weights(torch::nn::Module& module, const io::LocatedWeights& weights, const LoadRules& rules) {
  const FoundTensors found = match_weights(module, weights, rules);
  for (auto& item : module.named_parameters()) {
    item.value().requires_grad_(false);
    item.value().set_data(found.at(item.key()).tensor);
  }
  for (auto& item : module.named_buffers()) item.value().set_data(found.at(item.key()).tensor);
}

std::vector<WeightProblem> find_weight_problems(const torch::nn::Module& module,
                                                const io::LocatedWeights& weights,
                                                const LoadRules& rules) {
  return find_problems(state_dict(module), rename_tensors(weights, rules), weights.file_of);
}

}  // namespace fmri2img::nn
