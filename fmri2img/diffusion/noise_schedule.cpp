#include "fmri2img/diffusion/noise_schedule.h"

#include <ATen/TensorOperators.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/cumprod.h>
#include <ATen/ops/linspace.h>
#include <ATen/ops/tensor.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "fmri2img/core/check.h"

namespace fmri2img::diffusion {
namespace {

constexpr double kLargestBeta = 0.999;  // of the cosine, which would reach 1

double squared_cosine(double time) {
  const double cosine = std::cos((time + 0.008) / 1.008 * std::numbers::pi / 2);
  return cosine * cosine;
}

at::Tensor squared_cosine_betas(int64_t count) {
  const auto steps = static_cast<double>(count);
  std::vector<double> betas;
  for (int64_t i = 0; i < count; ++i) {
    const auto step = static_cast<double>(i);
    betas.push_back(std::min(1 - squared_cosine((step + 1) / steps) / squared_cosine(step / steps), kLargestBeta));
  }
  return at::tensor(betas, at::kDouble).to(at::kFloat);
}

at::Tensor betas_of(const NoiseScheduleOptions& options) {
  const int64_t count = options.num_train_timesteps;
  if (!options.trained_betas.empty()) {
    FMRI2IMG_ASSERT(static_cast<int64_t>(options.trained_betas.size()) == count);
    return at::tensor(options.trained_betas, at::kDouble).to(at::kFloat);
  }
  switch (options.beta_schedule) {
    case BetaSchedule::kLinear:
      return at::linspace(options.beta_start, options.beta_end, count, at::kFloat);
    case BetaSchedule::kScaledLinear:
      return at::linspace(std::sqrt(options.beta_start), std::sqrt(options.beta_end), count, at::kFloat).square();
    case BetaSchedule::kSquaredCosine:
      return squared_cosine_betas(count);
  }
  FMRI2IMG_ASSERT(false);
}

/// The square roots of the products are shifted so that the last is 0, and scaled so that the first is what it was.
at::Tensor rescaled_to_zero_snr(const at::Tensor& betas) {
  at::Tensor roots = at::cumprod(1 - betas, 0).sqrt();
  const at::Tensor first = roots[0].clone(), last = roots[-1].clone();
  roots -= last;
  roots *= first / (first - last);
  const at::Tensor products = roots.square();
  const int64_t count = products.size(0);
  const at::Tensor later = products.narrow(0, 1, count - 1) / products.narrow(0, 0, count - 1);
  return 1 - at::cat({products.narrow(0, 0, 1), later});
}

}  // namespace

at::Tensor alphas_cumprod(const NoiseScheduleOptions& options) {
  const at::Tensor betas = betas_of(options);
  return at::cumprod(1 - (options.rescale_betas_zero_snr ? rescaled_to_zero_snr(betas) : betas), 0);
}

}  // namespace fmri2img::diffusion
