#pragma once

#include <filesystem>
#include <optional>

#include "fmri2img/decoding/decoder_folder.h"
#include "fmri2img/decoding/latent_decoder.h"
#include "fmri2img/decoding/ridge/linear_ridge.h"
#include "fmri2img/decoding/ridge/picture_prior.h"

namespace fmri2img::decoding {

/// A linear prediction, and after it the picture prior where cross-validation wanted one.
class RidgeDecoder : public LatentDecoder {
 public:
  RidgeDecoder(LinearRidge linear, std::optional<PicturePrior> prior, int64_t inputs, const models::LatentShape& shape);

  at::Tensor predict(const at::Tensor& responses) override;

  /// What `write_decoder` takes: tensors and the `ridge` part of config.json (doc/formats/decoder.md).
  io::StateDict state() const;
  Json config() const;

  /// From a whole decoder folder. Throws Error naming what is missing or of the wrong shape.
  static std::unique_ptr<RidgeDecoder> load(const std::filesystem::path& folder, const DecoderRecord& record);

 private:
  LinearRidge linear_;
  std::optional<PicturePrior> prior_;
  int64_t inputs_;
  models::LatentShape shape_;
};

}  // namespace fmri2img::decoding
