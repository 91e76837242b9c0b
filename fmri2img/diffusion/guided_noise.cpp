#include "fmri2img/diffusion/guided_noise.h"

#include <ATen/ATen.h>

#include <cmath>

#include "fmri2img/models/unet/time_embedding.h"

namespace fmri2img::diffusion {
namespace {

/// What a network that takes it is told of the guidance scale.
/// Source: get_guidance_scale_embedding, pipeline_stable_diffusion_img2img.py.
at::Tensor scale_embedding(double guidance, int64_t channels) {
  return models::sinusoids(at::full({1}, guidance - 1),
                           {.channels = channels, .cosines_first = false, .frequency_shift = 1, .scale = 1000});
}

}  // namespace

bool guides(const models::UNetOptions& network, const Img2ImgOptions& options) {
  return options.guidance > 1 && !network.time_cond_proj_dim;
}

GuidedNoise::GuidedNoise(
    models::UNet& unet, at::Tensor texts, at::Tensor no_texts, const Img2ImgOptions& options, size_t evaluations)
    : unet_(unet),
      texts_(std::move(texts)),
      guidance_(options.guidance),
      interval_(static_cast<size_t>(options.reuse_features)) {
  if (no_texts.defined()) {
    both_ = at::cat({no_texts, texts_});
    guided_evaluations_ =
        static_cast<size_t>(std::ceil(options.guidance_until * static_cast<double>(evaluations) - 1e-9));
  }
  if (unet->options().time_cond_proj_dim) {
    condition_ = scale_embedding(options.guidance, *unet->options().time_cond_proj_dim).to(texts_.device());
  }
}

models::UNetImpl::Input GuidedNoise::make_input(const at::Tensor& sample, double time_step, bool guided) const {
  return {.sample = guided ? at::cat({sample, sample}) : sample,
          .time_steps = at::full({1}, time_step, sample.options().dtype(at::kFloat)),
          .text = guided ? both_ : texts_,
          .condition = condition_};
}

at::Tensor GuidedNoise::evaluate(const models::UNetImpl::Input& input, size_t index) {
  if (interval_ == 1) return unet_->forward(input);
  const bool other_batch = !features_.map.defined() || features_.map.size(0) != input.sample.size(0);
  if (index % interval_ == 0 || other_batch) return unet_->forward(input, &features_);
  return unet_->forward_shallow(input, features_);
}

at::Tensor GuidedNoise::operator()(const at::Tensor& sample, double time_step, size_t index) {
  const bool guided = index < guided_evaluations_;
  at::Tensor output = evaluate(make_input(sample, time_step, guided), index);
  if (!guided) return output;
  const std::vector<at::Tensor> halves = output.chunk(2);
  return halves[0] + guidance_ * (halves[1] - halves[0]);
}

}  // namespace fmri2img::diffusion
