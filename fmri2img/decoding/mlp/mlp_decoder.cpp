#include "fmri2img/decoding/mlp/mlp_decoder.h"

#include <ATen/ATen.h>

#include "fmri2img/core/check.h"
#include "fmri2img/io/safetensors.h"
#include "fmri2img/nn/load_weights.h"

namespace fmri2img::decoding {

MlpDecoder::MlpDecoder(models::VoxelDecoder model) : model_(std::move(model)) {
  model_->eval();
}

std::unique_ptr<MlpDecoder> MlpDecoder::load(const std::filesystem::path& folder) {
  const std::string where = (folder / "config.json").string();
  models::VoxelDecoder model(models::VoxelDecoderOptions::from_json(read_kind_config(folder), where));
  const std::filesystem::path weights = folder / "model.safetensors";
  nn::load_weights(*model, io::read_safetensors(weights), weights.string());
  return std::make_unique<MlpDecoder>(std::move(model));
}

at::Tensor MlpDecoder::predict(const at::Tensor& responses) {
  constexpr int64_t kBatch = 32;  // bounds the memory of the upsampler's maps
  FMRI2IMG_CHECK(responses.dim() == 2 && responses.size(1) == model_->options().num_inputs,
                 "the decoder reads {} vertices, got responses of {}",
                 model_->options().num_inputs,
                 responses.size(-1));
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> latents;
  for (const at::Tensor& batch : responses.split(kBatch)) latents.push_back(model_->forward(batch).contiguous());
  return at::cat(latents);
}

}  // namespace fmri2img::decoding
