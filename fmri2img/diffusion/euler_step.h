#pragma once

#include <ATen/core/Tensor.h>

#include "fmri2img/diffusion/scheduler_config.h"

namespace fmri2img::diffusion {

// The Euler samplers go by samples of the form picture + sigma x noise: the network is shown one scaled to variance 1.

at::Tensor euler_model_input(const at::Tensor& sample, const at::Tensor& sigma);

/// `sample` moved along the direction that the network sees, from `sigma` to `next_sigma`.
at::Tensor euler_step(Prediction prediction,
                      const at::Tensor& sample,
                      const at::Tensor& model_output,
                      const at::Tensor& sigma,
                      const at::Tensor& next_sigma);

}  // namespace fmri2img::diffusion
