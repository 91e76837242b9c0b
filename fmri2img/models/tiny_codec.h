#pragma once

#include "fmri2img/models/autoencoder_tiny/autoencoder_tiny.h"
#include "fmri2img/models/codec_frame.h"

namespace fmri2img::models {

/// Latents of a tiny autoencoder: near those of the model that it was distilled from, at a small part of the cost.
class TinyCodec : public LatentCodec {
 public:
  /// `folder` holds `config.json` and the weights as diffusers writes them.
  static std::unique_ptr<TinyCodec> from_diffusers(const std::filesystem::path& folder, const CodecOptions& options);

  /// The author's own two files. Throws Error naming the file and the tensor.
  static std::unique_ptr<TinyCodec> from_files(const std::filesystem::path& encoder,
                                               const std::filesystem::path& decoder,
                                               const CodecOptions& options);

  std::string name() const override { return frame_.name; }
  Json config() const override { return frame_.config(); }
  LatentShape latent_shape() const override { return frame_.latent_shape; }
  PictureSize picture_size() const override { return frame_.picture_size; }

  at::Tensor encode(const at::Tensor& pictures, std::optional<at::Generator> sample) override;
  at::Tensor decode(const at::Tensor& latents) override;

 private:
  TinyCodec(const AutoencoderTinyOptions& model_options,
            const io::StateDict& weights,
            const std::string& where,
            const CodecOptions& options);

  CodecFrame frame_;
  AutoencoderTiny model_;
};

}  // namespace fmri2img::models
