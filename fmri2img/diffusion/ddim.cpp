#include <ATen/TensorOperators.h>
#include <ATen/ops/ones.h>

#include "fmri2img/diffusion/noise_level.h"
#include "fmri2img/diffusion/samplers.h"

namespace fmri2img::diffusion {
namespace {

class Ddim final : public Sampler {
 public:
  Ddim(const SchedulerConfig& config, const RunLength& length)
      : Sampler(last_part(whole_run(config, length.steps, Grid::kWhole), length)),
        prediction_(config.prediction),
        clip_range_(config.clip_range),
        alphas_(alphas_cumprod(config.noise)),
        final_alpha_(config.set_alpha_to_one ? at::ones({}, at::kFloat) : alphas_[0]),
        stride_(config.noise.num_train_timesteps / length.steps) {}

  at::Tensor add_noise(const at::Tensor& latents, const at::Tensor& noise) const override {
    return with_noise(latents, noise, level_at(time_step(0)));
  }

  at::Tensor step(const at::Tensor& model_output,
                  size_t index,
                  const at::Tensor& sample,
                  Generators /*generators*/) override {
    const NoiseLevel level = level_at(time_step(index));
    at::Tensor picture = predicted_picture(prediction_, sample, model_output, level);
    const at::Tensor noise = predicted_noise(prediction_, sample, model_output, level);
    if (clip_range_) picture = picture.clamp(-*clip_range_, *clip_range_);
    return with_noise(picture, noise, level_at(time_step(index) - stride_));
  }

 private:
  int64_t time_step(size_t index) const { return static_cast<int64_t>(time_steps().at(index)); }

  NoiseLevel level_at(int64_t time_step) const {
    return level_of_alpha_cumprod(time_step >= 0 ? alphas_[time_step] : final_alpha_);
  }

  Prediction prediction_;
  std::optional<double> clip_range_;
  at::Tensor alphas_;       // [num_train_timesteps]
  at::Tensor final_alpha_;  // beyond time step 0
  int64_t stride_;          // time steps of one step
};

}  // namespace

std::unique_ptr<Sampler> make_ddim(const SchedulerConfig& config, const RunLength& length) {
  return std::make_unique<Ddim>(config, length);
}

}  // namespace fmri2img::diffusion
