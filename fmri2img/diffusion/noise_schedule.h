#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace fmri2img::diffusion {

/// How beta, the variance of the noise added in one training step, grows.
enum class BetaSchedule {
  kLinear,         ///< "linear"
  kScaledLinear,   ///< "scaled_linear": linear in the square root; Stable Diffusion
  kSquaredCosine,  ///< "squaredcos_cap_v2": the product of (1 - beta) follows a squared cosine
};

/// The noise that a diffusion model was trained with. Names and defaults of diffusers' schedulers.
struct NoiseScheduleOptions {
  int64_t num_train_timesteps = 1000;
  double beta_start = 0.0001;
  double beta_end = 0.02;
  BetaSchedule beta_schedule = BetaSchedule::kLinear;

  /// The betas themselves, where the three above do not say them. Empty, or num_train_timesteps of them.
  std::vector<double> trained_betas;

  /// The last time step is made pure noise. Source: https://arxiv.org/abs/2305.08891, algorithm 1.
  bool rescale_betas_zero_snr = false;
};

/// The share of the picture in the variance of a training sample: the product of (1 - beta) up to each time step.
///
/// Shape: [num_train_timesteps] float32, falling; the last is 0 with `rescale_betas_zero_snr`.
/// Computed in single precision by the tensor operations that diffusers uses: equal to the last bit.
/// REQUIRES: options in range, as `parse_scheduler_config` checks them.
at::Tensor alphas_cumprod(const NoiseScheduleOptions& options);

}  // namespace fmri2img::diffusion
