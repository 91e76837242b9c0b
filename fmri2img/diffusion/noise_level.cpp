#include "fmri2img/diffusion/noise_level.h"

#include <ATen/TensorOperators.h>

namespace fmri2img::diffusion {

NoiseLevel level_of_alpha_cumprod(const at::Tensor& alpha_cumprod) {
  return {alpha_cumprod.sqrt(), (1 - alpha_cumprod).sqrt()};
}

NoiseLevel level_of_ratio(const at::Tensor& ratio) {
  const at::Tensor alpha = 1 / (ratio.square() + 1).sqrt();
  return {alpha, ratio * alpha};
}

at::Tensor log_snr(const NoiseLevel& level) {
  return level.alpha.log() - level.sigma.log();
}

at::Tensor with_noise(const at::Tensor& picture, const at::Tensor& noise, const NoiseLevel& level) {
  return level.alpha * picture + level.sigma * noise;
}

at::Tensor predicted_picture(Prediction prediction,
                             const at::Tensor& sample,
                             const at::Tensor& model_output,
                             const NoiseLevel& level) {
  return prediction == Prediction::kEpsilon ? (sample - level.sigma * model_output) / level.alpha
                                            : level.alpha * sample - level.sigma * model_output;
}

at::Tensor predicted_noise(Prediction prediction,
                           const at::Tensor& sample,
                           const at::Tensor& model_output,
                           const NoiseLevel& level) {
  return prediction == Prediction::kEpsilon ? model_output : level.alpha * model_output + level.sigma * sample;
}

}  // namespace fmri2img::diffusion
