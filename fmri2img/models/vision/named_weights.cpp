#include "fmri2img/models/vision/named_weights.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"

namespace fmri2img::models {
namespace {

constexpr size_t kMostDifferences = 5;
constexpr const char* kParallelPrefix = "module.";
constexpr const char* kTrainingCounter = ".num_batches_tracked";  // of batch normalisation: of no use here

bool every_name_begins_with(const io::StateDict& tensors, const std::string& prefix) {
  return std::all_of(tensors.begin(), tensors.end(), [&](const auto& item) { return item.first.starts_with(prefix); });
}

io::StateDict without_prefix(const io::StateDict& tensors, const std::string& prefix) {
  if (tensors.empty() || !every_name_begins_with(tensors, prefix)) return tensors;
  io::StateDict renamed;
  for (const auto& [name, tensor] : tensors) renamed.emplace(name.substr(prefix.size()), tensor);
  return renamed;
}

bool holds_finite_numbers(const at::Tensor& tensor) {
  return tensor.is_floating_point() && at::isfinite(tensor).all().item<bool>();
}

}  // namespace

NamedWeights::NamedWeights(io::StateDict tensors, std::string where, std::string network)
    : tensors_(std::move(tensors)), where_(std::move(where)), network_(std::move(network)) {}

NamedWeights NamedWeights::open(const std::filesystem::path& path, const std::string& network) {
  return {without_prefix(io::read_state_dict(path), kParallelPrefix), fmt::format("\"{}\"", path.string()), network};
}

at::Tensor NamedWeights::take(const std::string& name, const std::vector<int64_t>& shape) {
  wanted_.emplace(name, shape);
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) {
    problems_.push_back(fmt::format("tensor \"{}\" ({}) is missing", name, format_shape(shape)));
  } else if (found->second.sizes() != at::IntArrayRef(shape)) {
    problems_.push_back(fmt::format(
        "tensor \"{}\" is {}, expected {}", name, format_shape(found->second.sizes().vec()), format_shape(shape)));
  } else if (!holds_finite_numbers(found->second)) {
    problems_.push_back(fmt::format("tensor \"{}\" does not hold finite numbers", name));
  } else {
    return found->second.to(at::kFloat).contiguous();
  }
  return at::zeros(shape);
}

void NamedWeights::ignore(const std::string& prefix) {
  ignored_.insert(prefix);
}

std::vector<std::string> NamedWeights::unexpected() const {
  std::vector<std::string> names;
  for (const auto& [name, tensor] : tensors_) {
    const auto starts = [&name = name](const std::string& prefix) { return name.starts_with(prefix); };
    if (wanted_.contains(name) || name.ends_with(kTrainingCounter)) continue;
    if (std::any_of(ignored_.begin(), ignored_.end(), starts)) continue;
    names.push_back(fmt::format("tensor \"{}\" ({}) is unexpected", name, format_shape(tensor.sizes().vec())));
  }
  return names;
}

void NamedWeights::finish() const {
  std::vector<std::string> problems = problems_;
  for (const std::string& problem : unexpected()) problems.push_back(problem);
  if (problems.empty()) return;
  const size_t count = problems.size();
  problems.resize(std::min(count, kMostDifferences));
  fail(ErrorKind::kMismatch,
       "{} does not hold the weights of {}: {}{}",
       where_,
       network_,
       fmt::join(problems, "; "),
       count > kMostDifferences ? fmt::format("; and {} more differences", count - kMostDifferences) : "");
}

}  // namespace fmri2img::models
