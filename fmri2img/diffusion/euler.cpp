#include <ATen/TensorOperators.h>

#include "fmri2img/diffusion/euler_step.h"
#include "fmri2img/diffusion/samplers.h"
#include "fmri2img/diffusion/sigmas.h"

namespace fmri2img::diffusion {
namespace {

class Euler final : public Sampler {
 public:
  Euler(Prediction prediction, SigmaSchedule schedule)
      : Sampler(schedule.time_steps), prediction_(prediction), schedule_(std::move(schedule)) {}

  at::Tensor add_noise(const at::Tensor& latents, const at::Tensor& noise) const override {
    return latents + noise * schedule_.sigma(0);
  }

  at::Tensor scale_model_input(const at::Tensor& sample, size_t index) const override {
    return euler_model_input(sample, schedule_.sigma(static_cast<int64_t>(index)));
  }

  at::Tensor step(const at::Tensor& model_output,
                  size_t index,
                  const at::Tensor& sample,
                  Generators /*generators*/) override {
    const auto now = static_cast<int64_t>(index);
    return euler_step(prediction_, sample, model_output, schedule_.sigma(now), schedule_.sigma(now + 1));
  }

 private:
  Prediction prediction_;
  SigmaSchedule schedule_;
};

at::Tensor euler_picture(Prediction prediction,
                         const at::Tensor& sample,
                         const at::Tensor& model_output,
                         const at::Tensor& sigma) {
  if (prediction == Prediction::kEpsilon) return sample - sigma * model_output;
  const at::Tensor variance = sigma.square() + 1;
  return model_output * (-sigma / variance.sqrt()) + sample / variance;
}

}  // namespace

at::Tensor euler_model_input(const at::Tensor& sample, const at::Tensor& sigma) {
  return sample / (sigma.square() + 1).sqrt();
}

at::Tensor euler_step(Prediction prediction,
                      const at::Tensor& sample,
                      const at::Tensor& model_output,
                      const at::Tensor& sigma,
                      const at::Tensor& next_sigma) {
  const at::Tensor slope = (sample - euler_picture(prediction, sample, model_output, sigma)) / sigma;
  return sample + slope * (next_sigma - sigma);
}

std::unique_ptr<Sampler> make_euler(const SchedulerConfig& config, const RunLength& length) {
  return std::make_unique<Euler>(config.prediction, interpolated_sigmas(config, length, Grid::kFractional));
}

}  // namespace fmri2img::diffusion
