#include "fmri2img/training/moving_average.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/check.h"

namespace fmri2img::training {

MovingAverage::MovingAverage(const NamedParameters& parameters, double decay) : decay_(decay) {
  for (const auto& [name, parameter] : parameters) {
    parameters_.push_back(parameter);
    averages_.push_back(parameter.detach().clone());
  }
}

void MovingAverage::update() {
  const at::NoGradGuard no_grad;
  const auto n = static_cast<double>(steps_++);
  at::_foreach_lerp_(averages_, parameters_, 1 - std::min(decay_, (n + 1) / (n + 10)));
}

void MovingAverage::restore(int64_t steps, const std::vector<at::Tensor>& averages) {
  FMRI2IMG_ASSERT(averages.size() == averages_.size());
  const at::NoGradGuard no_grad;
  for (size_t i = 0; i < averages.size(); ++i) averages_[i].copy_(averages[i]);
  steps_ = steps;
}

void MovingAverage::apply() const {
  const at::NoGradGuard no_grad;
  for (size_t i = 0; i < averages_.size(); ++i) at::Tensor(parameters_[i]).copy_(averages_[i]);
}

}  // namespace fmri2img::training
