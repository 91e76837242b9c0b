#include "fmri2img/training/zoo/lessons/autoencoder_lesson.h"

#include <ATen/ATen.h>

#include <cmath>

#include "fmri2img/core/random.h"
#include "fmri2img/training/zoo/pictures/picture_batches.h"

namespace fmri2img::training {
namespace {

constexpr double kGradientWeight = 0.5;
constexpr double kSquareWeight = 2;
constexpr double kDivergenceWeight = 3e-3;
constexpr int64_t kPicturesAMixture = 4;  // one mixture for so many pictures of the batch
constexpr double kMixtureContrast = 2;
constexpr uint64_t kOrderSeed = 11;
constexpr uint64_t kValidationSeed = 12;
constexpr int64_t kValidationBatch = 32;

at::Tensor mirror_some(const at::Tensor& pictures, const at::Generator& generator) {
  const at::Tensor chosen = at::rand({pictures.size(0), 1, 1, 1}, generator, pictures.options()) < 0.5;
  return at::where(chosen, pictures.flip(3), pictures);
}

/// Mean absolute difference between neighbours, down and across.
at::Tensor gradient_size(const at::Tensor& error) {
  const int64_t side = error.size(2);
  const at::Tensor down = error.narrow(2, 1, side - 1) - error.narrow(2, 0, side - 1);
  const at::Tensor across = error.narrow(3, 1, side - 1) - error.narrow(3, 0, side - 1);
  return down.abs().mean() + across.abs().mean();
}

/// From the standard normal, a latent on average.
at::Tensor divergence(const at::Tensor& moments) {
  const std::vector<at::Tensor> parts = moments.to(at::kFloat).chunk(2, 1);
  const at::Tensor log_variance = parts[1].clamp(-30, 20);
  return 0.5 * (parts[0].square() + log_variance.exp() - 1 - log_variance).mean();
}

/// Random averages of pictures, or of their latents: the same weights for both.
at::Tensor with_mixtures(const at::Tensor& batch, const at::Tensor& weights) {
  const at::Tensor mixtures =
      weights.matmul(batch.flatten(1)).view({weights.size(0), batch.size(1), batch.size(2), batch.size(3)});
  return at::cat({batch, mixtures});
}

at::Tensor mixture_weights(int64_t pictures, const at::Generator& generator) {
  const int64_t mixtures = pictures / kPicturesAMixture;
  return (kMixtureContrast * at::randn({mixtures, pictures}, generator, at::kFloat)).softmax(1);
}

}  // namespace

AutoencoderLesson::AutoencoderLesson(models::AutoencoderKL model,
                                     const models::AutoencoderKLOptions& options,
                                     const CaptionedPictures& pictures,
                                     const CaptionedPictures& validation)
    : replicas_(make_replicas(std::move(model), options)), pictures_(pictures), validation_(validation) {}

std::vector<at::Tensor> AutoencoderLesson::forward(const Share& share) {
  const CaptionedBatch batch = read_share(pictures_, share, kOrderSeed);
  const at::Tensor pictures =
      mirror_some(to_signed(batch.pictures), share.generator).contiguous(at::MemoryFormat::ChannelsLast);
  models::AutoencoderKL& model = replicas_[share.replica];
  const at::Tensor moments = model->encode(pictures);
  const at::Tensor weights = mixture_weights(pictures.size(0), share.generator);
  const at::Tensor latents = with_mixtures(models::sample_posterior(moments, share.generator), weights);
  const at::Tensor wanted = with_mixtures(pictures.contiguous(), weights);
  const at::Tensor error = model->decode(latents.contiguous(at::MemoryFormat::ChannelsLast)).to(at::kFloat) - wanted;
  return {error.abs().mean() + kGradientWeight * gradient_size(error) + kSquareWeight * error.square().mean() +
          kDivergenceWeight * divergence(moments)};
}

Json AutoencoderLesson::validate() {
  models::AutoencoderKL& model = replicas_.front();
  double decibels = 0;
  double squares = 0;
  int64_t latents = 0;
  at::Generator generator = make_generator(kValidationSeed);
  for_each_batch(validation_, kValidationBatch, [&](const CaptionedBatch& batch) {
    const at::Tensor pictures = to_signed(batch.pictures);
    const at::Tensor moments = model->encode(pictures);
    const at::Tensor returned = model->decode(models::posterior_mean(moments)).clamp(-1, 1);
    const at::Tensor error = (returned - pictures).square().flatten(1).mean(1);
    decibels += (10 * (4 / error).log10()).sum().item<double>();
    const at::Tensor sample = models::sample_posterior(moments, generator);
    squares += sample.square().sum().item<double>();
    latents += sample.numel();
  });
  return {{"psnr_db", decibels / static_cast<double>(validation_.size())},
          {"latent_deviation", std::sqrt(squares / static_cast<double>(latents))}};
}

}  // namespace fmri2img::training
