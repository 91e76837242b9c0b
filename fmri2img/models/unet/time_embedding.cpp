#include "fmri2img/models/unet/time_embedding.h"

#include <ATen/ATen.h>

#include <cmath>

namespace fmri2img::models {
namespace {

constexpr double kLongestPeriod = 10000;

}  // namespace

at::Tensor sinusoids(const at::Tensor& values, const SinusoidOptions& options) {
  const int64_t half = options.channels / 2;
  const at::Tensor exponents = at::arange(half, values.options().dtype(at::kFloat)) * -std::log(kLongestPeriod) /
                               (static_cast<double>(half) - options.frequency_shift);
  const at::Tensor angles = options.scale * (values.to(at::kFloat).unsqueeze(1) * exponents.exp().unsqueeze(0));
  const at::Tensor sines = angles.sin(), cosines = angles.cos();
  const at::Tensor both = options.cosines_first ? at::cat({cosines, sines}, 1) : at::cat({sines, cosines}, 1);
  return options.channels % 2 == 0 ? both : at::constant_pad_nd(both, {0, 1});
}

TimeEmbeddingImpl::TimeEmbeddingImpl(int64_t in_channels, int64_t channels, std::optional<int64_t> condition_channels)
    : linear_1(nn::LinearOptions{in_channels, channels}), linear_2(nn::LinearOptions{channels, channels}) {
  register_module("linear_1", linear_1);
  if (condition_channels) {
    const nn::LinearOptions plain{.in_features = *condition_channels, .out_features = in_channels, .bias = false};
    cond_proj = register_module("cond_proj", nn::Linear(plain));
  }
  register_module("linear_2", linear_2);
}

void TimeEmbeddingImpl::reset_parameters(const at::Generator& generator) {
  linear_1->reset_parameters(generator);
  if (cond_proj) cond_proj->reset_parameters(generator);
  linear_2->reset_parameters(generator);
}

at::Tensor TimeEmbeddingImpl::forward(const at::Tensor& sinusoids, const at::Tensor& condition) {
  const at::Tensor input = cond_proj && condition.defined() ? sinusoids + cond_proj(condition) : sinusoids;
  return linear_2(at::silu(linear_1(input)));
}

}  // namespace fmri2img::models
