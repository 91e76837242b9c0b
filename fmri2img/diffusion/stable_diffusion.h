#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Device.h>

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fmri2img/diffusion/image_refiner.h"
#include "fmri2img/diffusion/img2img_options.h"
#include "fmri2img/diffusion/sampler.h"
#include "fmri2img/diffusion/scheduler_config.h"
#include "fmri2img/models/autoencoder_kl/autoencoder_kl.h"
#include "fmri2img/models/clip/text_model.h"
#include "fmri2img/models/latent_codec.h"
#include "fmri2img/models/unet/unet.h"
#include "fmri2img/text/byte_pair_tokenizer.h"

namespace fmri2img::diffusion {

/// Where a Stable Diffusion folder is run.
struct StableDiffusionOptions {
  std::filesystem::path folder;
  at::ScalarType dtype = at::kFloat;  ///< of convolutions and products; at::kHalf on GPUs only
  at::Device device = at::kCPU;
};

/// A Stable Diffusion folder at work: image-to-image.
///
/// The same folder, picture, prompt and seed give the picture of diffusers' StableDiffusionImg2ImgPipeline (float32:
/// PNGs equal within one level on 99.9 % of values). Safety checkers and LoRA files in the folder are not used, which
/// is said once. Random numbers: a generator for each request, seeded with its seed: a sample of the autoencoder's
/// posterior, the noise, then what the sampler draws.
class StableDiffusion : public ImageRefiner {
 public:
  /// Reads configurations and tokenizer; weights are read when they are first needed. Throws Error naming what the
  /// folder lacks, or what in it does not fit together.
  StableDiffusion(const StableDiffusionOptions& model, const Img2ImgOptions& options);

  /// Requests of one size run together as far as memory allows.
  void refine(std::span<const RefineRequest> requests, const OnPicture& on_picture) override;

  /// The final latents, scaled. Shape: [N, C, h, w] float32 on the CPU. REQUIRES: all pictures are of one size.
  at::Tensor refine_latents(std::span<const RefineRequest> requests);

  /// Scaled latents -> uint8 [H, W, 3] each, rounded. Shape: [N, C, h, w].
  std::vector<at::Tensor> decode(const at::Tensor& latents);

  /// Evaluations of the network that one request takes.
  size_t evaluations() const;

  /// Of the result for this picture. Throws Error if it is smaller than a latent or needs more memory than there is.
  models::PictureSize picture_size(const at::Tensor& picture) const;

  /// Of that result's latents. Throws Error as `picture_size`.
  models::LatentShape latent_shape(const at::Tensor& picture) const;

 private:
  struct Size {
    int64_t height, width;
    bool operator==(const Size&) const = default;
  };

  std::unique_ptr<Sampler> new_sampler() const;
  Size output_size(const at::Tensor& picture) const;
  at::Tensor to_network(const at::Tensor& picture, const Size& size) const;
  at::Tensor encode_texts(const std::vector<std::string>& texts) const;
  at::Tensor encode_pictures(std::span<const RefineRequest> requests, std::span<const at::Generator> generators);
  models::UNet& unet();
  models::AutoencoderKL& vae();

  StableDiffusionOptions model_;
  Img2ImgOptions options_;
  SchedulerConfig scheduler_;
  models::AutoencoderKLOptions vae_options_;
  models::UNetOptions unet_options_;
  models::ClipTextOptions text_options_;
  text::BytePairTokenizer tokenizer_;
  models::UNet unet_{nullptr};
  models::AutoencoderKL vae_{nullptr};
};

/// As StableDiffusion::evaluations, from the scheduler's file alone. Throws Error if the folder is not whole, or (wrong
/// usage) its scheduler, or the chosen one, cannot make such a run.
size_t count_evaluations(const std::filesystem::path& folder, const Img2ImgOptions& options);

/// Throws Error as StableDiffusion does.
std::unique_ptr<ImageRefiner> open_image_refiner(const StableDiffusionOptions& model, const Img2ImgOptions& options);

}  // namespace fmri2img::diffusion
