#include "fmri2img/diffusion/euler_sampler.h"

#include <ATen/TensorOperators.h>

#include <utility>

namespace fmri2img::diffusion {
namespace {

at::Tensor euler_picture(Prediction prediction,
                         const at::Tensor& sample,
                         const at::Tensor& model_output,
                         const at::Tensor& sigma) {
  if (prediction == Prediction::kEpsilon) return sample - sigma * model_output;
  const at::Tensor variance = sigma.square() + 1;
  return model_output * (-sigma / variance.sqrt()) + sample / variance;
}

}  // namespace

EulerSampler::EulerSampler(Prediction prediction, SigmaSchedule schedule)
    : Sampler(schedule.time_steps), prediction_(prediction), schedule_(std::move(schedule)) {}

at::Tensor EulerSampler::add_noise(const at::Tensor& latents, const at::Tensor& noise) const {
  return latents + noise * sigma(0);
}

at::Tensor EulerSampler::scale_model_input(const at::Tensor& sample, size_t index) const {
  return sample / (sigma(index).square() + 1).sqrt();
}

at::Tensor EulerSampler::sigma(size_t index) const {
  return schedule_.sigma(static_cast<int64_t>(index));
}

at::Tensor EulerSampler::moved(const at::Tensor& sample,
                               const at::Tensor& model_output,
                               const at::Tensor& from,
                               const at::Tensor& to) const {
  const at::Tensor slope = (sample - euler_picture(prediction_, sample, model_output, from)) / from;
  return sample + slope * (to - from);
}

}  // namespace fmri2img::diffusion
