#pragma once

#include <ATen/core/Tensor.h>

#include "fmri2img/diffusion/scheduler_config.h"

namespace fmri2img::diffusion {

/// A sample is alpha x picture + sigma x noise, with alpha^2 + sigma^2 = 1. Scalars (tensors of no dimension) in
/// float32: the coefficients of a step are computed with the operations and the precision that diffusers uses.
struct NoiseLevel {
  at::Tensor alpha;
  at::Tensor sigma;
};

/// `alpha_cumprod` is one element of `alphas_cumprod`.
NoiseLevel level_of_alpha_cumprod(const at::Tensor& alpha_cumprod);

/// `ratio` is noise / picture, what diffusers calls sigma in Euler, DPM-Solver++ and UniPC.
NoiseLevel level_of_ratio(const at::Tensor& ratio);

/// Half the logarithm of the signal-to-noise ratio: the time axis of DPM-Solver++ and UniPC. Infinite without noise.
at::Tensor log_snr(const NoiseLevel& level);

at::Tensor with_noise(const at::Tensor& picture, const at::Tensor& noise, const NoiseLevel& level);

/// The picture that the network sees in `sample`.
at::Tensor predicted_picture(Prediction prediction,
                             const at::Tensor& sample,
                             const at::Tensor& model_output,
                             const NoiseLevel& level);

/// The noise that the network sees in `sample`.
at::Tensor predicted_noise(Prediction prediction,
                           const at::Tensor& sample,
                           const at::Tensor& model_output,
                           const NoiseLevel& level);

}  // namespace fmri2img::diffusion
