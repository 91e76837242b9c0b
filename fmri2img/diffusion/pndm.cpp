#include <ATen/TensorOperators.h>
#include <ATen/ops/ones.h>

#include "fmri2img/core/check.h"
#include "fmri2img/diffusion/noise_level.h"
#include "fmri2img/diffusion/samplers.h"

namespace fmri2img::diffusion {
namespace {

/// The second time step comes twice. A run of one step has none.
std::vector<double> with_second_repeated(std::vector<double> time_steps) {
  if (time_steps.size() > 1) time_steps.insert(time_steps.begin() + 1, time_steps[1]);
  return time_steps;
}

class Pndm final : public Sampler {
 public:
  Pndm(const SchedulerConfig& config, const RunLength& length)
      : Sampler(last_part(with_second_repeated(whole_run(config, length.steps, Grid::kWhole)), length)),
        prediction_(config.prediction),
        alphas_(alphas_cumprod(config.noise)),
        final_alpha_(config.set_alpha_to_one ? at::ones({}, at::kFloat) : alphas_[0]),
        stride_(config.noise.num_train_timesteps / length.steps) {}

  at::Tensor add_noise(const at::Tensor& latents, const at::Tensor& noise) const override {
    return with_noise(latents, noise, level_of_alpha_cumprod(alpha_at(time_step(0))));
  }

  at::Tensor step(const at::Tensor& model_output,
                  size_t index,
                  const at::Tensor& sample,
                  Generators /*generators*/) override {
    const int64_t now = time_step(index);
    if (index == 1) {  // the first step once more, with the mean of its two ends
      FMRI2IMG_ASSERT(outputs_.size() == 1);
      return moved((model_output + outputs_.back()) / 2, first_sample_, now + stride_, now);
    }
    if (index == 0) {
      outputs_.clear();
      first_sample_ = sample;
    }
    if (outputs_.size() == 4) outputs_.erase(outputs_.begin());
    outputs_.push_back(model_output);
    return moved(extrapolated_output(), sample, now, now - stride_);
  }

 private:
  int64_t time_step(size_t index) const { return static_cast<int64_t>(time_steps().at(index)); }

  at::Tensor alpha_at(int64_t time_step) const { return time_step >= 0 ? alphas_[time_step] : final_alpha_; }

  /// Adams-Bashforth, of the order that the outputs so far allow.
  at::Tensor extrapolated_output() const {
    const auto past = [&](size_t back) -> const at::Tensor& { return outputs_[outputs_.size() - back]; };
    switch (outputs_.size()) {
      case 1:
        return past(1);
      case 2:
        return (3 * past(1) - past(2)) / 2;
      case 3:
        return (23 * past(1) - 16 * past(2) + 5 * past(3)) / 12;
      default:
        return (1.0 / 24) * (55 * past(1) - 59 * past(2) + 37 * past(3) - 9 * past(4));
    }
  }

  /// Formula 9 of the paper.
  at::Tensor moved(const at::Tensor& output, const at::Tensor& sample, int64_t from, int64_t to) const {
    const at::Tensor alpha = alpha_at(from), next_alpha = alpha_at(to);
    const at::Tensor noise = predicted_noise(prediction_, sample, output, level_of_alpha_cumprod(alpha));
    const at::Tensor divisor = alpha * (1 - next_alpha).sqrt() + (alpha * (1 - alpha) * next_alpha).sqrt();
    return (next_alpha / alpha).sqrt() * sample - (next_alpha - alpha) * noise / divisor;
  }

  Prediction prediction_;
  at::Tensor alphas_;                // [num_train_timesteps]
  at::Tensor final_alpha_;           // beyond time step 0
  int64_t stride_;                   // time steps of one step
  std::vector<at::Tensor> outputs_;  // of the last four evaluations, without that at index 1
  at::Tensor first_sample_;
};

}  // namespace

std::unique_ptr<Sampler> make_pndm(const SchedulerConfig& config, const RunLength& length) {
  return std::make_unique<Pndm>(config, length);
}

}  // namespace fmri2img::diffusion
