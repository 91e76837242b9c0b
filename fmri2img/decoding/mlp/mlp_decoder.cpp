#include "fmri2img/decoding/mlp/mlp_decoder.h"

#include <ATen/ATen.h>

#include "fmri2img/core/check.h"
#include "fmri2img/io/safetensors.h"
#include "fmri2img/nn/load_weights.h"

namespace fmri2img::decoding {

MlpDecoder::MlpDecoder(models::VoxelDecoder model) : model_(std::move(model)) {
  model_->eval();
}

models::ModelSource<models::VoxelDecoderOptions> read_mlp_source(const std::filesystem::path& folder) {
  const std::string config = (folder / "config.json").string();
  const std::filesystem::path weights = folder / "model.safetensors";
  return {.options = models::VoxelDecoderOptions::from_json(read_kind_config(folder), config),
          .weights = {io::read_safetensors(weights), io::all_in(weights)}};
}

std::unique_ptr<MlpDecoder> MlpDecoder::load(const std::filesystem::path& folder) {
  const auto source = read_mlp_source(folder);
  models::VoxelDecoder model(source.options);
  nn::load_weights(*model, source.weights, source.rules);
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
