#pragma once

#include <array>

#include "fmri2img/diffusion/noise_schedule.h"
#include "fmri2img/models/clip/text_model.h"
#include "fmri2img/models/unet/unet.h"
#include "fmri2img/training/zoo/lessons/lesson.h"
#include "fmri2img/training/zoo/pictures/latent_pictures.h"

namespace fmri2img::training {

/// Teaches a UNet to tell noise from latents, by their captions.
///
/// Loss: mean square error of the noise, weighted by min(1, 5 / signal-to-noise ratio) of its time step; the time steps
/// of a share are spread evenly. A tenth of the captions is left empty, as guidance needs it.
/// Source: Ho et al., https://arxiv.org/abs/2006.11239; the weights: https://arxiv.org/abs/2303.09556, gamma 5; the
/// empty captions: https://arxiv.org/abs/2207.12598.
class DiffusionLesson : public Lesson {
 public:
  /// What the network sees of the texts, and the noise it is to know.
  struct Conditions {
    models::ClipTextModel text_encoder;
    at::Tensor no_text;  ///< int64 [length]: the ids of an empty caption
    diffusion::NoiseScheduleOptions noise;
  };

  /// `model` has its first weights.
  DiffusionLesson(models::UNet model, Conditions conditions, LatentPictures pictures, LatentPictures validation);

  std::string name() const override { return "diffusion model"; }
  torch::nn::Module& replica(size_t index) override { return *replicas_[index]; }
  std::vector<at::Tensor> forward(const Share& share) override;

  /// "noise_error": the mean square error, unweighted, of every time step alike.
  Json validate() override;

 private:
  /// Square errors of the noise, averaged over each of the latents. Shape: float [N, ...], ids [N, length] -> [N].
  at::Tensor errors(models::UNet& model,
                    const at::Tensor& latents,
                    const at::Tensor& ids,
                    const at::Tensor& time_steps,
                    const at::Generator& generator);

  std::array<models::UNet, kReplicas> replicas_;
  Conditions conditions_;
  LatentPictures pictures_, validation_;
  at::Tensor alphas_cumprod_;
};

}  // namespace fmri2img::training
