#pragma once

#include <cstdint>

namespace fmri2img::training {

/// How a model of the zoo is trained.
struct Recipe {
  int64_t steps = 0;
  int64_t batch = 0;  ///< pictures a step. REQUIRES: a multiple of kReplicas
  double learning_rate = 1e-3;
  int64_t warmup_steps = 100;
  double final_fraction = 0.01;  ///< of the learning rate, at the last step
  double beta1 = 0.9;
  double beta2 = 0.99;
  double weight_decay = 1e-2;  ///< of matrices and kernels
  double clip_norm = 1;        ///< gradients of a larger norm are scaled down to it
  double average_decay = 0.998;
  bool bf16 = false;  ///< matrix products and convolutions in bfloat16
  uint64_t seed = 1;
};

/// Learning rate of step `step` (0 .. steps - 1): up on a line for `warmup_steps`, then down along half a cosine to
/// `final_fraction` of the highest.
double learning_rate_at(const Recipe& recipe, int64_t step);

}  // namespace fmri2img::training
