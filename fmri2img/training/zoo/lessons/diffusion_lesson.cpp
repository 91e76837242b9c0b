#include "fmri2img/training/zoo/lessons/diffusion_lesson.h"

#include <ATen/ATen.h>

#include "fmri2img/core/random.h"
#include "fmri2img/training/zoo/pictures/picture_batches.h"

namespace fmri2img::training {
namespace {

constexpr double kEmptyShare = 0.1;
constexpr double kHighestRatio = 5;  // gamma
constexpr uint64_t kLatentOrderSeed = 31;
constexpr uint64_t kNoiseSeed = 32;
constexpr int64_t kDenoisedTogether = 50;

/// One in each of `count` equal parts of the time, in random order.
at::Tensor spread_time_steps(int64_t count, int64_t time_steps, const at::Generator& generator) {
  const at::Tensor place = at::randperm(count, generator, at::kFloat) + at::rand({count}, generator, at::kFloat);
  return (place * (static_cast<double>(time_steps) / static_cast<double>(count)))
      .to(at::kLong)
      .clamp_max_(time_steps - 1);
}

at::Tensor leave_some_empty(const at::Tensor& ids, const at::Tensor& no_text, const at::Generator& generator) {
  const at::Tensor empty = at::rand({ids.size(0), 1}, generator, at::kFloat) < kEmptyShare;
  return at::where(empty, no_text, ids);
}

}  // namespace

DiffusionLesson::DiffusionLesson(models::UNet model,
                                 Conditions conditions,
                                 LatentPictures pictures,
                                 LatentPictures validation)
    : replicas_(make_replicas(model, model->options())),
      conditions_(std::move(conditions)),
      pictures_(std::move(pictures)),
      validation_(std::move(validation)),
      alphas_cumprod_(diffusion::alphas_cumprod(conditions_.noise)) {}

std::vector<at::Tensor> DiffusionLesson::forward(const Share& share) {
  const at::Tensor rows = at::tensor(share_rows(pictures_.latents.size(0), share, kLatentOrderSeed), at::kLong);
  const at::Tensor ids = leave_some_empty(pictures_.ids.index_select(0, rows), conditions_.no_text, share.generator);
  const at::Tensor time_steps = spread_time_steps(share.batch, alphas_cumprod_.size(0), share.generator);
  const at::Tensor kept = alphas_cumprod_.index_select(0, time_steps);
  const at::Tensor weights = (kHighestRatio * (1 - kept) / kept).clamp_max(1);
  const at::Tensor latents = pictures_.latents.index_select(0, rows).to(at::kFloat);
  return {(weights * errors(replicas_[share.replica], latents, ids, time_steps, share.generator)).mean()};
}

at::Tensor DiffusionLesson::errors(models::UNet& model,
                                   const at::Tensor& latents,
                                   const at::Tensor& ids,
                                   const at::Tensor& time_steps,
                                   const at::Generator& generator) {
  const at::Tensor kept = alphas_cumprod_.index_select(0, time_steps).view({-1, 1, 1, 1});
  const at::Tensor noise = at::randn(latents.sizes(), generator, latents.options());
  at::Tensor text;
  {
    const at::NoGradGuard no_grad;
    text = conditions_.text_encoder->forward(ids);
  }
  const at::Tensor noisy = kept.sqrt() * latents + (1 - kept).sqrt() * noise;
  const at::Tensor told = model->forward({.sample = noisy.contiguous(at::MemoryFormat::ChannelsLast),
                                          .time_steps = time_steps,
                                          .text = text,
                                          .condition = {}});
  return (told - noise).square().mean({1, 2, 3});
}

Json DiffusionLesson::validate() {
  at::Generator generator = make_generator(kNoiseSeed);
  const int64_t count = validation_.latents.size(0);
  const at::Tensor time_steps = spread_time_steps(count, alphas_cumprod_.size(0), generator);
  double sum = 0;
  for (int64_t first = 0; first < count; first += kDenoisedTogether) {
    const auto part = [&](const at::Tensor& whole) {
      return whole.narrow(0, first, std::min(kDenoisedTogether, count - first));
    };
    const at::Tensor latents = part(validation_.latents).to(at::kFloat);
    sum += errors(replicas_.front(), latents, part(validation_.ids), part(time_steps), generator).sum().item<double>();
  }
  return {{"noise_error", sum / static_cast<double>(count)}};
}

}  // namespace fmri2img::training
