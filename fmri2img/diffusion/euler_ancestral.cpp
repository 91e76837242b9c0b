#include <ATen/TensorOperators.h>

#include "fmri2img/diffusion/euler_step.h"
#include "fmri2img/diffusion/samplers.h"
#include "fmri2img/diffusion/sigmas.h"

namespace fmri2img::diffusion {
namespace {

class EulerAncestral final : public Sampler {
 public:
  EulerAncestral(Prediction prediction, SigmaSchedule schedule)
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
                  Generators generators) override {
    const auto now = static_cast<int64_t>(index);
    const at::Tensor from = schedule_.sigma(now), to = schedule_.sigma(now + 1);
    const at::Tensor added = (to.square() * (from.square() - to.square()) / from.square()).sqrt();
    const at::Tensor below = (to.square() - added.square()).sqrt();
    return euler_step(prediction_, sample, model_output, from, below) + draw_noise(model_output, generators) * added;
  }

 private:
  Prediction prediction_;
  SigmaSchedule schedule_;
};

}  // namespace

std::unique_ptr<Sampler> make_euler_ancestral(const SchedulerConfig& config, const RunLength& length) {
  return std::make_unique<EulerAncestral>(config.prediction, interpolated_sigmas(config, length, Grid::kFractional));
}

}  // namespace fmri2img::diffusion
