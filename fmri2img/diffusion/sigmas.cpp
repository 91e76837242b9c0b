#include "fmri2img/diffusion/sigmas.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "fmri2img/core/check.h"

namespace fmri2img::diffusion {
namespace {

constexpr double kAlmostNoPicture = 0x1p-24;  // diffusers' alphas_cumprod of a time step of pure noise
constexpr double kRho = 7;

std::vector<float> training_sigmas(const NoiseScheduleOptions& options) {
  const at::Tensor alphas = alphas_cumprod(options);
  if (options.rescale_betas_zero_snr) alphas[-1] = kAlmostNoPicture;
  const at::Tensor sigmas = ((1 - alphas) / alphas).sqrt();
  const float* data = sigmas.const_data_ptr<float>();
  return {data, data + sigmas.numel()};
}

/// numpy.interp(time_step, [0, 1, 2 ...], sigmas).
double sigma_at(std::span<const float> sigmas, double time_step) {
  const auto below = static_cast<size_t>(time_step);
  const double low = sigmas[below];
  if (time_step == static_cast<double>(below)) return low;
  return (sigmas[below + 1] - low) * (time_step - static_cast<double>(below)) + low;
}

/// Where `sigma` lies among the training sigmas, linear in its logarithm.
double time_step_of(double sigma, std::span<const float> log_sigmas) {
  const double log_sigma = std::log(std::max(sigma, 1e-10));
  const auto above = std::upper_bound(log_sigmas.begin(), log_sigmas.end(), log_sigma);
  const auto last = static_cast<int64_t>(log_sigmas.size()) - 2;
  const auto low = static_cast<size_t>(std::clamp<int64_t>(above - log_sigmas.begin() - 1, 0, last));
  const double gap = log_sigmas[low] - log_sigmas[low + 1];
  const double weight = std::clamp((log_sigmas[low] - log_sigma) / gap, 0.0, 1.0);
  return (1 - weight) * static_cast<double>(low) + weight * static_cast<double>(low + 1);
}

SigmaSchedule schedule_of(std::vector<double> time_steps, const std::vector<double>& sigmas, const RunLength& length) {
  at::Tensor values = at::tensor(sigmas, at::kDouble).to(at::kFloat);
  values = at::cat({values, at::zeros({1}, at::kFloat)});
  const bool falls = (values.narrow(0, 1, length.steps) < values.narrow(0, 0, length.steps)).all().item<bool>();
  FMRI2IMG_CHECK_USAGE(
      falls, "--steps {} makes two steps at the same noise with this scheduler: use fewer steps", length.steps);
  time_steps = last_part(std::move(time_steps), length);
  const auto left = static_cast<int64_t>(time_steps.size());
  return {std::move(time_steps), values.narrow(0, length.steps - left, left + 1)};
}

}  // namespace

at::Tensor SigmaSchedule::sigma(int64_t index) const {
  return sigmas[index];
}

SigmaSchedule interpolated_sigmas(const SchedulerConfig& config, const RunLength& length, Grid grid) {
  check_run_length(length, config.noise.num_train_timesteps);
  std::vector<double> time_steps = whole_run(config, length.steps, grid);
  const std::vector<float> training = training_sigmas(config.noise);
  std::vector<double> sigmas;
  for (const double time_step : time_steps) sigmas.push_back(sigma_at(training, time_step));
  return schedule_of(std::move(time_steps), sigmas, length);
}

SigmaSchedule karras_sigmas(const SchedulerConfig& config, const RunLength& length) {
  check_run_length(length, config.noise.num_train_timesteps);
  std::vector<float> training = training_sigmas(config.noise);
  const double lowest = std::pow(training.front(), 1 / kRho), highest = std::pow(training.back(), 1 / kRho);
  for (float& sigma : training) sigma = std::log(sigma);
  std::vector<double> time_steps, sigmas;
  for (int64_t i = 0; i < length.steps; ++i) {
    const double ramp = length.steps == 1 ? 0 : static_cast<double>(i) / static_cast<double>(length.steps - 1);
    sigmas.push_back(std::pow(highest + ramp * (lowest - highest), kRho));
    const double time_step = time_step_of(sigmas.back(), training);
    time_steps.push_back(config.noise.beta_schedule == BetaSchedule::kSquaredCosine ? std::floor(time_step)
                                                                                    : std::nearbyint(time_step));
  }
  return schedule_of(std::move(time_steps), sigmas, length);
}

}  // namespace fmri2img::diffusion
