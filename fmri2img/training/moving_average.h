#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "fmri2img/training/adamw.h"

namespace fmri2img::training {

/// The exponential moving average of a network's parameters over the steps of its training: less noisy than the last
/// step's, and what is kept of the model in the end.
///
/// a <- d a + (1 - d) p with d = min(decay, (n + 1) / (n + 10)) at step n: early on it forgets faster, so that little
/// is left of the random start.
class MovingAverage {
 public:
  /// Starts at the parameters as they are. REQUIRES: 0 <= decay < 1.
  MovingAverage(const NamedParameters& parameters, double decay);

  /// After each step of the optimiser.
  void update();

  /// In the order of the parameters. The live tensors.
  const std::vector<at::Tensor>& tensors() const { return averages_; }

  /// Continues an earlier run: copies its averages. REQUIRES: as many as there are parameters, of equal shapes.
  void restore(int64_t steps, const std::vector<at::Tensor>& averages);

  /// Copies the averages into the parameters.
  void apply() const;

 private:
  std::vector<at::Tensor> parameters_, averages_;
  double decay_;
  int64_t steps_ = 0;
};

}  // namespace fmri2img::training
