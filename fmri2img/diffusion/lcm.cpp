#include <ATen/TensorOperators.h>
#include <ATen/ops/scalar_tensor.h>

#include "fmri2img/core/check.h"
#include "fmri2img/diffusion/noise_level.h"
#include "fmri2img/diffusion/samplers.h"

namespace fmri2img::diffusion {
namespace {

constexpr double kVarianceOfData = 0.25;

/// Evenly spaced entries of the time steps that the network was distilled on.
std::vector<double> lcm_time_steps(const SchedulerConfig& config, int64_t steps) {
  const int64_t distilled = config.original_inference_steps;
  FMRI2IMG_CHECK_USAGE(
      steps <= distilled,
      "--steps is {}, but this LCM scheduler has {} (\"original_inference_steps\"): use at most so many",
      steps,
      distilled);
  const int64_t stride = config.noise.num_train_timesteps / distilled;
  const double gap = static_cast<double>(distilled) / static_cast<double>(steps);
  std::vector<double> time_steps;
  for (int64_t i = 0; i < steps; ++i) {
    const auto entry = static_cast<int64_t>(static_cast<double>(i) * gap);
    time_steps.push_back(static_cast<double>((distilled - entry) * stride - 1));
  }
  return time_steps;
}

class Lcm final : public Sampler {
 public:
  Lcm(const SchedulerConfig& config, const RunLength& length)
      : Sampler(last_part(lcm_time_steps(config, length.steps), length)),
        prediction_(config.prediction),
        clip_range_(config.clip_range),
        timestep_scaling_(config.timestep_scaling),
        alphas_(alphas_cumprod(config.noise)) {}

  at::Tensor add_noise(const at::Tensor& latents, const at::Tensor& noise) const override {
    return with_noise(latents, noise, level(0));
  }

  at::Tensor step(const at::Tensor& model_output,
                  size_t index,
                  const at::Tensor& sample,
                  Generators generators) override {
    at::Tensor picture = predicted_picture(prediction_, sample, model_output, level(index));
    if (clip_range_) picture = picture.clamp(-*clip_range_, *clip_range_);
    const at::Tensor scaled_time = at::scalar_tensor(time_steps()[index] * timestep_scaling_, at::kFloat);
    const at::Tensor variance = scaled_time.square() + kVarianceOfData;
    at::Tensor denoised = scaled_time / variance.sqrt() * picture + kVarianceOfData / variance * sample;
    if (index + 1 == time_steps().size()) return denoised;
    return with_noise(denoised, draw_noise(model_output, generators), level(index + 1));
  }

 private:
  NoiseLevel level(size_t index) const {
    return level_of_alpha_cumprod(alphas_[static_cast<int64_t>(time_steps().at(index))]);
  }

  Prediction prediction_;
  std::optional<double> clip_range_;
  double timestep_scaling_;
  at::Tensor alphas_;  // [num_train_timesteps]
};

}  // namespace

std::unique_ptr<Sampler> make_lcm(const SchedulerConfig& config, const RunLength& length) {
  return std::make_unique<Lcm>(config, length);
}

}  // namespace fmri2img::diffusion
