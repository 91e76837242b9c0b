#pragma once

#include "fmri2img/models/latent_codec.h"

namespace fmri2img::models {

/// The picture itself, reduced, as the latents: pixel values in [0, 1], no weights, no randomness.
class PixelsCodec : public LatentCodec {
 public:
  /// `channels` is 1 (grey) or 3. Throws Error (wrong usage) for any other number or an empty picture.
  explicit PixelsCodec(const PictureSize& size);

  /// From `config()`. Throws Error for a missing or unknown key.
  explicit PixelsCodec(const Json& config);

  /// The size that pictures of `picture` pixels get: their own up to 64, larger ones reduced to 64 on the longer side.
  static PictureSize size_for(const PictureSize& picture);

  std::string name() const override { return "pixels"; }
  Json config() const override;
  LatentShape latent_shape() const override { return {size_.channels, size_.height, size_.width}; }
  PictureSize picture_size() const override { return size_; }

  /// Grey is the mean of the three channels.
  at::Tensor encode(const at::Tensor& pictures, std::optional<at::Generator> sample) override;
  at::Tensor decode(const at::Tensor& latents) override;

 private:
  PictureSize size_;
};

}  // namespace fmri2img::models
