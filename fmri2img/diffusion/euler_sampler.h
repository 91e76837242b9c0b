#pragma once

#include <ATen/core/Tensor.h>

#include "fmri2img/diffusion/samplers.h"
#include "fmri2img/diffusion/scheduler_config.h"
#include "fmri2img/diffusion/sigmas.h"

namespace fmri2img::diffusion {

/// What the Euler samplers have in common: samples of the form picture + sigma x noise, which the network is shown
/// scaled to variance 1.
class EulerSampler : public Sampler {
 public:
  EulerSampler(Prediction prediction, SigmaSchedule schedule);

  at::Tensor add_noise(const at::Tensor& latents, const at::Tensor& noise) const override;
  at::Tensor scale_model_input(const at::Tensor& sample, size_t index) const override;

 protected:
  /// Before the step of this index; that after the last step is 0.
  at::Tensor sigma(size_t index) const;

  /// `sample` moved along the direction that the network sees, from one sigma to another.
  at::Tensor moved(const at::Tensor& sample,
                   const at::Tensor& model_output,
                   const at::Tensor& from,
                   const at::Tensor& to) const;

 private:
  Prediction prediction_;
  SigmaSchedule schedule_;
};

}  // namespace fmri2img::diffusion
