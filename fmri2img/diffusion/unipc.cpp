#include <ATen/TensorOperators.h>
#include <ATen/ops/linalg_solve.h>
#include <ATen/ops/ones.h>
#include <ATen/ops/stack.h>

#include "fmri2img/core/check.h"
#include "fmri2img/diffusion/noise_level.h"
#include "fmri2img/diffusion/samplers.h"
#include "fmri2img/diffusion/sigmas.h"

namespace fmri2img::diffusion {
namespace {

/// A step from one level to the next, in the terms of the paper.
struct Interval {
  NoiseLevel from, to;
  at::Tensor width;       // h, of the half logarithms of the signal-to-noise ratio
  at::Tensor expm1;       // e^-h - 1
  at::Tensor back_ratio;  // where the step before began, in units of h: below 0

  Interval(NoiseLevel start, NoiseLevel end)
      : from(std::move(start)), to(std::move(end)), width(log_snr(to) - log_snr(from)), expm1((-width).expm1()) {}
};

/// The weights of the two differences in a correction of second order.
at::Tensor corrector_weights(const Interval& interval) {
  const at::Tensor minus_width = -interval.width;
  const at::Tensor phi_2 = interval.expm1 / minus_width - 1;
  const at::Tensor phi_3 = phi_2 / minus_width - 0.5;
  const at::Tensor one = at::ones({}, at::kFloat);
  const at::Tensor matrix = at::stack({one, one, interval.back_ratio, one}).view({2, 2});
  return at::linalg_solve(matrix, at::stack({phi_2 / interval.expm1, phi_3 * 2 / interval.expm1}));
}

class UniPc final : public Sampler {
 public:
  UniPc(Prediction prediction, SigmaSchedule schedule)
      : Sampler(schedule.time_steps), prediction_(prediction), schedule_(std::move(schedule)) {}

  at::Tensor add_noise(const at::Tensor& latents, const at::Tensor& noise) const override {
    return with_noise(latents, noise, level(0));
  }

  at::Tensor step(const at::Tensor& model_output,
                  size_t index,
                  const at::Tensor& sample,
                  Generators /*generators*/) override {
    FMRI2IMG_ASSERT(index == 0 || last_sample_.defined());
    const at::Tensor picture = predicted_picture(prediction_, sample, model_output, level(index));
    last_sample_ = index == 0 ? sample : corrected(index, picture);
    earlier_picture_ = last_picture_;
    last_picture_ = picture;
    return predicted(index);
  }

 private:
  NoiseLevel level(size_t index) const { return level_of_ratio(schedule_.sigma(static_cast<int64_t>(index))); }

  /// Of the step at `index`: first at both ends of a run.
  bool second_order(size_t index) const { return index > 0 && index + 1 < time_steps().size(); }

  Interval interval(size_t index) const {
    Interval result(level(index), level(index + 1));
    if (second_order(index)) {
      result.back_ratio = (log_snr(level(index - 1)) - log_snr(result.from)) / result.width;
    }
    return result;
  }

  /// The step of first order from the last sample.
  at::Tensor first_order(const Interval& step) const {
    return step.to.sigma / step.from.sigma * last_sample_ - step.to.alpha * step.expm1 * last_picture_;
  }

  at::Tensor slope(const Interval& step) const { return (earlier_picture_ - last_picture_) / step.back_ratio; }

  at::Tensor predicted(size_t index) const {
    const Interval step = interval(index);
    const at::Tensor next = first_order(step);
    return second_order(index) ? next - step.to.alpha * step.expm1 * (0.5 * slope(step)) : next;
  }

  /// The step to `index` once more, now that the picture seen at its end is known.
  at::Tensor corrected(size_t index, const at::Tensor& picture) const {
    const Interval step = interval(index - 1);
    const at::Tensor change = picture - last_picture_;
    at::Tensor correction = 0.5 * change;
    if (second_order(index - 1)) {
      const at::Tensor weights = corrector_weights(step);
      correction = weights[0] * slope(step) + weights[1] * change;
    }
    return first_order(step) - step.to.alpha * step.expm1 * correction;
  }

  Prediction prediction_;
  SigmaSchedule schedule_;
  at::Tensor last_sample_;      // before the last step, corrected
  at::Tensor last_picture_;     // seen in it
  at::Tensor earlier_picture_;  // seen in the one before
};

}  // namespace

std::unique_ptr<Sampler> make_unipc(const SchedulerConfig& config, const RunLength& length) {
  return std::make_unique<UniPc>(config.prediction, interpolated_sigmas(config, length, Grid::kOpenEnd));
}

}  // namespace fmri2img::diffusion
