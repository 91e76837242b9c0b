#include <ATen/TensorOperators.h>

#include "fmri2img/core/check.h"
#include "fmri2img/diffusion/noise_level.h"
#include "fmri2img/diffusion/samplers.h"
#include "fmri2img/diffusion/sigmas.h"

namespace fmri2img::diffusion {
namespace {

class DpmSolver final : public Sampler {
 public:
  DpmSolver(Prediction prediction, SigmaSchedule schedule)
      : Sampler(schedule.time_steps), prediction_(prediction), schedule_(std::move(schedule)) {}

  at::Tensor add_noise(const at::Tensor& latents, const at::Tensor& noise) const override {
    return with_noise(latents, noise, level(0));
  }

  at::Tensor step(const at::Tensor& model_output,
                  size_t index,
                  const at::Tensor& sample,
                  Generators /*generators*/) override {
    const NoiseLevel from = level(index), to = level(index + 1);
    const at::Tensor picture = predicted_picture(prediction_, sample, model_output, from);
    const at::Tensor width = log_snr(to) - log_snr(from);
    const at::Tensor weight = to.alpha * ((-width).exp() - 1);
    at::Tensor next = to.sigma / from.sigma * sample - weight * picture;
    if (index > 0 && index + 1 < time_steps().size()) {
      FMRI2IMG_ASSERT(last_picture_.defined());
      const at::Tensor ratio = (log_snr(from) - log_snr(level(index - 1))) / width;
      next = next - 0.5 * weight * (1 / ratio * (picture - last_picture_));
    }
    last_picture_ = picture;
    return next;
  }

 private:
  NoiseLevel level(size_t index) const { return level_of_ratio(schedule_.sigma(static_cast<int64_t>(index))); }

  Prediction prediction_;
  SigmaSchedule schedule_;
  at::Tensor last_picture_;  // seen in the step before
};

}  // namespace

std::unique_ptr<Sampler> make_dpm_solver(const SchedulerConfig& config, const RunLength& length) {
  return std::make_unique<DpmSolver>(
      config.prediction,
      config.use_karras_sigmas ? karras_sigmas(config, length) : interpolated_sigmas(config, length, Grid::kOpenEnd));
}

}  // namespace fmri2img::diffusion
