#pragma once

#include <array>

#include "fmri2img/models/autoencoder_kl/autoencoder_kl.h"
#include "fmri2img/training/zoo/lessons/lesson.h"
#include "fmri2img/training/zoo/pictures/captioned_pictures.h"

namespace fmri2img::training {

/// Teaches an AutoencoderKL to give pictures back from their latents.
///
/// Loss of pictures x and what comes back, r, from a sample of the posterior: mean |r - x| + .5 mean |grad r - grad x|
/// + 2 mean (r - x)^2 + .003 times the mean divergence of the posterior from the standard normal. Pictures are mirrored
/// half of the time. To the batch come random averages of its latents, which are to become the averages of its
/// pictures: predictions from noisy responses are such averages, and other autoencoders decode them to wrong colours.
class AutoencoderLesson : public Lesson {
 public:
  /// `model` has its first weights; both sets of pictures outlive the lesson.
  AutoencoderLesson(models::AutoencoderKL model,
                    const models::AutoencoderKLOptions& options,
                    const CaptionedPictures& pictures,
                    const CaptionedPictures& validation);

  std::string name() const override { return "autoencoder"; }
  torch::nn::Module& replica(size_t index) override { return *replicas_[index]; }
  std::vector<at::Tensor> forward(const Share& share) override;

  /// "psnr_db" of the pictures given back from the posterior's mean, "latent_deviation" of samples.
  Json validate() override;

 private:
  std::array<models::AutoencoderKL, kReplicas> replicas_;
  const CaptionedPictures& pictures_;
  const CaptionedPictures& validation_;
};

}  // namespace fmri2img::training
