#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "fmri2img/io/state_dict.h"

namespace fmri2img::models {

/// The tensors of one weight file, taken by name while a network is built of them.
///
/// Strict: a tensor that is missing, of another shape or not finite is noted when it is asked for (zeros take its
/// place), and `finish` complains of all of them and of every tensor that nobody asked for.
class NamedWeights {
 public:
  /// `where` names the file in messages, `network` what its tensors should belong to ("torchvision's AlexNet").
  NamedWeights(io::StateDict tensors, std::string where, std::string network);

  /// A weight file of any kind that `io::read_state_dict` knows. A "module." before every name, as training on several
  /// devices leaves it, is taken off.
  static NamedWeights open(const std::filesystem::path& path, const std::string& network);

  /// float32, contiguous.
  at::Tensor take(const std::string& name, const std::vector<int64_t>& shape);

  /// Tensors of the file that belong to parts which the network here does without, by the start of their names.
  void ignore(const std::string& prefix);

  /// Throws Error naming the file, the network expected and the first differences.
  void finish() const;

  /// Everything that was asked for, with its shape.
  const std::map<std::string, std::vector<int64_t>>& wanted() const { return wanted_; }

 private:
  std::vector<std::string> unexpected() const;

  io::StateDict tensors_;
  std::string where_;
  std::string network_;
  std::map<std::string, std::vector<int64_t>> wanted_;
  std::set<std::string> ignored_;
  std::vector<std::string> problems_;
};

}  // namespace fmri2img::models
