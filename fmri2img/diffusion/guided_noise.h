#pragma once

#include <ATen/core/Tensor.h>

#include "fmri2img/diffusion/img2img_options.h"
#include "fmri2img/models/unet/unet.h"

namespace fmri2img::diffusion {

/// What the network sees in samples under guidance: u + g (c - u), with u its output without the text and c with it.
///
/// One run of a batch: evaluations 0, 1, ... in their order. Source: StableDiffusionImg2ImgPipeline, and
/// classifier-free guidance, https://arxiv.org/abs/2207.12598.
class GuidedNoise {
 public:
  /// `texts` [N, T, D]; `no_texts` [N, T, D], undefined where guidance is off. The network outlives this.
  GuidedNoise(
      models::UNet& unet, at::Tensor texts, at::Tensor no_texts, const Img2ImgOptions& options, size_t evaluations);

  /// Shape: sample [N, C, h, w] float32 -> [N, out channels, h, w] float32.
  at::Tensor operator()(const at::Tensor& sample, double time_step, size_t index);

 private:
  models::UNetImpl::Input make_input(const at::Tensor& sample, double time_step, bool guided) const;
  at::Tensor evaluate(const models::UNetImpl::Input& input, size_t index);

  models::UNet& unet_;
  at::Tensor texts_, both_;  ///< both_: no_texts, then texts
  at::Tensor condition_;
  double guidance_;
  size_t guided_evaluations_ = 0;
  size_t interval_;
  models::DeepFeatures features_;
};

/// True where the network is asked twice a step: guidance above 1, of a network that is not told the scale itself.
bool guides(const models::UNetOptions& network, const Img2ImgOptions& options);

}  // namespace fmri2img::diffusion
