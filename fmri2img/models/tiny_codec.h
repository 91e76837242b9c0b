#pragma once

#include "fmri2img/models/autoencoder_tiny/autoencoder_tiny.h"
#include "fmri2img/models/codec_frame.h"
#include "fmri2img/models/model_source.h"

namespace fmri2img::models {

/// Latents of a tiny autoencoder: near those of the model that it was distilled from, at a small part of the cost.
class TinyCodec : public LatentCodec {
 public:
  /// Throws Error naming the file and the tensor.
  TinyCodec(const ModelSource<AutoencoderTinyOptions>& source, const CodecOptions& options);

  std::string name() const override { return frame_.name; }
  Json config() const override { return frame_.config(); }
  LatentShape latent_shape() const override { return frame_.latent_shape; }
  PictureSize picture_size() const override { return frame_.picture_size; }

  at::Tensor encode(const at::Tensor& pictures, std::optional<at::Generator> sample) override;
  at::Tensor decode(const at::Tensor& latents) override;

 private:
  CodecFrame frame_;
  AutoencoderTiny model_;
};

/// The model in `folder`: `config.json` and the weights as diffusers writes them or, where there is no config, the
/// author's own two files tae*_encoder.pth and tae*_decoder.pth. Throws Error saying what was looked for.
ModelSource<AutoencoderTinyOptions> read_autoencoder_tiny_source(const std::filesystem::path& folder);

}  // namespace fmri2img::models
