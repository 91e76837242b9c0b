#pragma once

#include "fmri2img/models/autoencoder_kl/autoencoder_kl.h"
#include "fmri2img/models/codec_frame.h"

namespace fmri2img::models {

/// Latents of an AutoencoderKL, such as the one of Stable Diffusion.
class VaeCodec : public LatentCodec {
 public:
  /// `folder` holds `config.json` and the weights. Throws Error naming the file and the key or tensor.
  VaeCodec(const std::filesystem::path& folder, const CodecOptions& options);

  std::string name() const override { return frame_.name; }
  Json config() const override { return frame_.config(); }
  LatentShape latent_shape() const override { return frame_.latent_shape; }
  PictureSize picture_size() const override { return frame_.picture_size; }

  at::Tensor encode(const at::Tensor& pictures, std::optional<at::Generator> sample) override;
  at::Tensor decode(const at::Tensor& latents) override;

 private:
  CodecFrame frame_;
  AutoencoderKL model_{nullptr};
};

}  // namespace fmri2img::models
