#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace torch::nn {
class Module;
}

namespace fmri2img::training {

/// A network's parameters in the order of PyTorch's `named_parameters()`.
using NamedParameters = std::vector<std::pair<std::string, at::Tensor>>;
NamedParameters parameters_of(const torch::nn::Module& model);

struct AdamWOptions {
  double weight_decay = 1e-2;  ///< of the parameters that are decayed, see `is_decayed`
  double beta2 = 0.999;
  double epsilon = 1e-8;
  bool decay_vectors = true;  ///< false: biases, norms and other parameters of one dimension are never decayed
};

/// False for the parameters that the voxel decoder's recipe spares: names that contain `bias`, `LayerNorm.bias` or
/// `LayerNorm.weight`. The norms of the voxel decoder are named otherwise (`lin0.1.weight`), so their weights are
/// decayed.
bool is_decayed(const std::string& parameter_name);

/// AdamW in two groups, decayed and not, each updated by one fused kernel: a fifth of the time of a loop over tensors.
///
/// Source: torch.optim.AdamW(fused=True), PyTorch 2.13. Differs: learning rate and first momentum are given at each
/// step, because a schedule sets them anyway, and all parameters share one step count. Determinism: no randomness;
/// bit-identical for equal gradients.
class AdamW {
 public:
  /// REQUIRES: parameters are dense floating-point tensors with distinct names.
  AdamW(NamedParameters parameters, const AdamWOptions& options = {});

  /// One update from the parameters' gradients, which it then drops. Throws Error naming a parameter without gradient.
  void step(double learning_rate, double beta1);

  /// Updates made so far.
  int64_t steps() const { return steps_; }

  /// The running means of a parameter's gradient and of its square, shaped like the parameter.
  struct Moments {
    at::Tensor first, second;
  };

  /// By position in `parameters()`. The tensors are the live ones.
  const std::vector<Moments>& moments() const { return moments_; }
  const NamedParameters& parameters() const { return parameters_; }

  /// Continues an earlier run: copies its moments. Throws Error if a shape differs; the message names the parameter.
  void restore(int64_t steps, const std::vector<Moments>& moments);

 private:
  struct Group {
    std::vector<at::Tensor> parameters, firsts, seconds;
    double weight_decay;
  };
  void step_group(Group& group, double learning_rate, double beta1);

  NamedParameters parameters_;
  AdamWOptions options_;
  std::vector<Moments> moments_;
  std::vector<Group> groups_;
  int64_t steps_ = 0;
};

}  // namespace fmri2img::training
