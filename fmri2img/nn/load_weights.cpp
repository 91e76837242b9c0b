#include "fmri2img/nn/load_weights.h"

#include <ATen/ATen.h>
#include <fmt/ranges.h>
#include <torch/nn/module.h>

#include <algorithm>
#include <cmath>

#include "fmri2img/core/check.h"
#include "fmri2img/core/mapped_file.h"
#include "fmri2img/core/text.h"
#include "fmri2img/nn/state_dict.h"

namespace fmri2img::nn {
namespace {

constexpr size_t kMostNamed = 5;

using Tensors = std::map<std::string, at::Tensor>;

bool is_ignored(const std::string& name, const LoadRules& rules) {
  const auto starts = [&](const std::string& prefix) { return name.starts_with(prefix); };
  const auto ends = [&](const std::string& suffix) { return name.ends_with(suffix); };
  return std::any_of(rules.ignored_prefixes.begin(), rules.ignored_prefixes.end(), starts) ||
         std::any_of(rules.ignored_suffixes.begin(), rules.ignored_suffixes.end(), ends);
}

Tensors rename_tensors(const Tensors& tensors, const std::string& where, const LoadRules& rules) {
  Tensors renamed;
  for (const auto& [name, tensor] : tensors) {
    const std::string own_name = rules.rename ? rules.rename(name) : name;
    if (is_ignored(own_name, rules)) continue;
    FMRI2IMG_CHECK(renamed.emplace(own_name, tensor).second,
                   "{}: two tensors stand for \"{}\", one of them is \"{}\"",
                   where,
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

std::vector<std::string> find_problems(const Tensors& wanted, const Tensors& found) {
  std::vector<std::string> problems;
  for (const auto& [name, tensor] : wanted) {
    const auto match = found.find(name);
    if (match == found.end()) {
      problems.push_back(fmt::format("tensor \"{}\" ({}) is missing", name, format_shape(tensor.sizes().vec())));
    } else if (match->second.sizes() != tensor.sizes()) {
      problems.push_back(fmt::format("tensor \"{}\" is {}, the model expects {}",
                                     name,
                                     format_shape(match->second.sizes().vec()),
                                     format_shape(tensor.sizes().vec())));
    } else if (!match->second.is_floating_point()) {
      problems.push_back(fmt::format(
          "tensor \"{}\" holds {}, not floating-point numbers", name, c10::toString(match->second.scalar_type())));
    } else if (!is_finite(match->second)) {
      problems.push_back(fmt::format("tensor \"{}\" holds NaN or infinite numbers", name));
    }
  }
  for (const auto& [name, tensor] : found) {
    if (!wanted.contains(name)) {
      problems.push_back(
          fmt::format("tensor \"{}\" ({}) is unknown to the model", name, format_shape(tensor.sizes().vec())));
    }
  }
  return problems;
}

/// The tensors under the module's names. Throws Error if they are not exactly its own.
Tensors match_weights(const torch::nn::Module& module,
                      const Tensors& tensors,
                      const std::string& where,
                      const LoadRules& rules) {
  Tensors found = rename_tensors(tensors, where, rules);
  std::vector<std::string> problems = find_problems(state_dict(module), found);
  if (problems.empty()) return found;
  const size_t count = problems.size();
  problems.resize(std::min(count, kMostNamed));
  fail(ErrorKind::kBadInput,
       "{} does not hold the weights of this model: {}{}",
       where,
       fmt::join(problems, "; "),
       count > kMostNamed ? fmt::format("; and {} more differences", count - kMostNamed) : "");
}

}  // namespace

void load_weights(torch::nn::Module& module, const Tensors& tensors, const std::string& where, const LoadRules& rules) {
  const Tensors found = match_weights(module, tensors, where, rules);
  const at::NoGradGuard no_grad;
  for (auto& [name, tensor] : state_dict(module)) tensor.copy_(found.at(name));
}

void adopt_weights(torch::nn::Module& module,
                   const Tensors& tensors,
                   const std::string& where,
                   const LoadRules& rules) {
  const Tensors found = match_weights(module, tensors, where, rules);
  for (auto& item : module.named_parameters()) {
    item.value().requires_grad_(false);
    item.value().set_data(found.at(item.key()));
  }
  for (auto& item : module.named_buffers()) item.value().set_data(found.at(item.key()));
}

std::vector<std::string> find_weight_problems(const torch::nn::Module& module,
                                              const Tensors& tensors,
                                              const std::string& where,
                                              const LoadRules& rules) {
  return find_problems(state_dict(module), rename_tensors(tensors, where, rules));
}

}  // namespace fmri2img::nn
