#pragma once

#include <filesystem>
#include <memory>

#include "fmri2img/decoding/decoder_folder.h"
#include "fmri2img/models/model_source.h"
#include "fmri2img/models/voxel_decoder/voxel_decoder.h"

namespace fmri2img::decoding {

/// The voxel decoder as the pipeline uses it: no dropout, no gradients, responses as they are.
class MlpDecoder : public LatentDecoder {
 public:
  explicit MlpDecoder(models::VoxelDecoder model);

  /// Throws Error if the weights do not fit the options in `config.json`.
  static std::unique_ptr<MlpDecoder> load(const std::filesystem::path& folder);

  at::Tensor predict(const at::Tensor& responses) override;

 private:
  models::VoxelDecoder model_;
};

/// The network's sizes and weights in a decoder folder of kind "mlp". Throws Error naming file and key.
models::ModelSource<models::VoxelDecoderOptions> read_mlp_source(const std::filesystem::path& folder);

}  // namespace fmri2img::decoding
