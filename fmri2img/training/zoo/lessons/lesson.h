#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <torch/nn/module.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"

namespace fmri2img::training {

/// A step's batch is divided among so many copies of the model, each computed by one thread. It is the same number on
/// every machine, so that equal seeds train equal weights whatever the number of cores.
inline constexpr size_t kReplicas = 2;

/// What one replica is asked for.
struct Share {
  int64_t step = 0;
  size_t replica = 0;
  int64_t batch = 0;        ///< pictures of this share
  at::Generator generator;  ///< from the seed, the step and the replica alone: a resumed run needs no further state
};

/// What a model of the zoo learns, and from what.
///
/// The replicas share their parameters' memory and have gradients of their own. A step is: `forward` of every replica
/// at the same time, `loss` of what they all return, the gradients back through all replicas at the same time.
class Lesson {
 public:
  virtual ~Lesson() = default;

  /// "autoencoder"; for progress and messages.
  virtual std::string name() const = 0;

  virtual torch::nn::Module& replica(size_t index) = 0;

  /// What the loss is taken of, for this share. Called by several threads at once, one for each replica.
  virtual std::vector<at::Tensor> forward(const Share& share) = 0;

  /// Scalar. By default the mean of the replicas' first results, which are then scalars themselves.
  virtual at::Tensor loss(const std::vector<std::vector<at::Tensor>>& results);

  /// How good the model is on pictures that it does not train on, by the names of the figures. Called between steps,
  /// with the averaged parameters in place and gradients off.
  virtual Json validate() = 0;
};

/// The replicas of a model: the first is `model`, the others are made by `Holder(options)` and share its parameters.
template <class Holder, class Options>
std::array<Holder, kReplicas> make_replicas(Holder model, const Options& options) {
  std::array<Holder, kReplicas> replicas{model, Holder(options)};
  const auto parameters = model->named_parameters();
  for (auto& item : replicas[1]->named_parameters()) item.value().set_data(parameters[item.key()].detach());
  return replicas;
}

}  // namespace fmri2img::training
