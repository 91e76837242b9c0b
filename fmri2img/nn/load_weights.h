#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "fmri2img/io/state_dict.h"

namespace torch::nn {
class Module;
}

namespace fmri2img::nn {

/// The listed exceptions of one kind of file. Everything else must match exactly.
struct LoadRules {
  /// From a name in the file to the module's name for it. Empty: the names are equal.
  std::function<std::string(const std::string&)> rename;

  /// Tensors of the file, by the start or end of their (renamed) name, that the module has no use for.
  std::vector<std::string> ignored_prefixes;
  std::vector<std::string> ignored_suffixes;

  /// Said of the tensors' names in messages, where the reader has given them others than the file's.
  std::string naming;
};

// Both loaders say once that numbers which are not float32 are converted.

/// Copies the tensors of `weights` into the parameters and buffers of `module`, converting their type.
///
/// Strict: a missing, an extra and a wrong-shaped tensor are errors, and so are numbers that are not finite, found all
/// together before anything is copied; the message counts them and names the first five with their file and both
/// shapes. (LibTorch's own loading accepts wrong shapes.)
void load_weights(torch::nn::Module& module, const io::LocatedWeights& weights, const LoadRules& rules = {});

/// As `load_weights`, but the module's parameters become the tensors themselves, in the type that they have: weights in
/// a mapped file are neither read nor copied here. For inference (`prepare_for_inference` comes next).
void adopt_weights(torch::nn::Module& module, const io::LocatedWeights& weights, const LoadRules& rules = {});

struct WeightProblem {
  std::filesystem::path file;  ///< that holds the tensor, or should
  std::string what;            ///< names the tensor, by the name in the file where it has one there
};

/// What `load_weights` would complain of, all of it, file by file, without copying or changing anything; empty: the
/// tensors are the module's. The module may be one of `ParametersWithoutMemory`. Every number is looked at once.
std::vector<WeightProblem> find_weight_problems(const torch::nn::Module& module,
                                                const io::LocatedWeights& weights,
                                                const LoadRules& rules = {});

}  // namespace fmri2img::nn
