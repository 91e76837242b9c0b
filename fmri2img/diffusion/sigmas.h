#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "fmri2img/diffusion/time_steps.h"

namespace fmri2img::diffusion {

/// The part of a run that is done, for the samplers that go by the ratio of noise to picture (sigma in diffusers).
struct SigmaSchedule {
  std::vector<double> time_steps;
  at::Tensor sigmas;  ///< [time steps + 1] float32: before each step, and 0 at the end

  /// sigma before step `index`, a scalar tensor.
  at::Tensor sigma(int64_t index) const;
};

/// The sigmas of the training time steps, linear between them. A last time step of pure noise
/// (`rescale_betas_zero_snr`) gets the finite sigma 4096, as in diffusers.
///
/// Source: set_timesteps of EulerDiscreteScheduler, DPMSolverMultistepScheduler, UniPCMultistepScheduler: interpolated
/// in double precision, then float32.
/// Throws Error (wrong usage) if the run is out of range, or so long that two of its sigmas are equal.
SigmaSchedule interpolated_sigmas(const SchedulerConfig& config, const RunLength& length, Grid grid);

/// Sigmas that are evenly spaced in their seventh root, each with the nearest training time step (the one below, with
/// the squared cosine).
///
/// Source: Karras et al., https://arxiv.org/abs/2206.00364, equation 5, with rho 7; DPMSolverMultistepScheduler.
/// Throws Error as `interpolated_sigmas`.
SigmaSchedule karras_sigmas(const SchedulerConfig& config, const RunLength& length);

}  // namespace fmri2img::diffusion
