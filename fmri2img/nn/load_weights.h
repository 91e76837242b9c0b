#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

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
};

/// Copies `tensors` into the parameters and buffers of `module`, converting their type.
///
/// Strict: a missing, an extra and a wrong-shaped tensor are errors, and so are numbers that are not finite, found all
/// together before anything is copied; the message counts them and names the first five with both shapes. `where` names
/// the file in it. (LibTorch's own loading accepts wrong shapes.)
void load_weights(torch::nn::Module& module,
                  const std::map<std::string, at::Tensor>& tensors,
                  const std::string& where,
                  const LoadRules& rules = {});

/// As `load_weights`, but the module's parameters become the tensors themselves, in the type that they have: weights in
/// a mapped file are neither read nor copied here. For inference (`prepare_for_inference` comes next).
void adopt_weights(torch::nn::Module& module,
                   const std::map<std::string, at::Tensor>& tensors,
                   const std::string& where,
                   const LoadRules& rules = {});

/// What `load_weights` would complain of, all of it, without copying or changing anything; empty: the tensors are the
/// module's. The module may be one of `ParametersWithoutMemory`. Every number is looked at once.
std::vector<std::string> find_weight_problems(const torch::nn::Module& module,
                                              const std::map<std::string, at::Tensor>& tensors,
                                              const std::string& where,
                                              const LoadRules& rules = {});

}  // namespace fmri2img::nn
