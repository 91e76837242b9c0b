#include "fmri2img/models/clip/clip_embedder.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/nn/inference.h"

namespace fmri2img::models {
namespace {

constexpr size_t kPicturesInPiece = 16;

/// The size that the processor gives to every picture, where it gives one.
std::optional<ImageProcessorOptions::Size> fixed_size(const ImageProcessorOptions& options) {
  if (options.do_center_crop) return options.crop_size;
  if (options.do_resize && !options.shortest_edge) return options.size;
  return std::nullopt;
}

}  // namespace

void check_clip_processor(const ImageProcessorOptions& processor, int64_t side) {
  const auto size = fixed_size(processor);
  FMRI2IMG_CHECK(size && size->first == side && size->second == side,
                 "CLIP: the image processor's pictures are {}, the model's {} x {}; preprocessor_config.json (or "
                 "processor_config.json) and config.json do not belong together",
                 size ? fmt::format("{} x {}", size->first, size->second) : "of many sizes",
                 side,
                 side);
}

ClipEmbedder::ClipEmbedder(LoadedClip clip, at::ScalarType dtype, at::Device device)
    : model_(std::move(clip.model)), processor_(clip.processor), dtype_(dtype), device_(device) {
  check_clip_processor(clip.processor, model_->options().vision.image_size);
  nn::prepare_for_inference(*model_, nn::InferenceOptions{.dtype = dtype, .device = device});
}

at::Tensor ClipEmbedder::embed(std::span<const at::Tensor> pictures) {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> embeddings = {at::empty({0, model_->options().projection_dim})};
  for (size_t first = 0; first < pictures.size(); first += kPicturesInPiece) {
    std::vector<at::Tensor> processed;
    for (const at::Tensor& picture : pictures.subspan(first, std::min(kPicturesInPiece, pictures.size() - first))) {
      processed.push_back(processor_.process(picture));
    }
    const at::Tensor input = at::stack(processed).to(device_, dtype_);
    embeddings.push_back(model_->embed_pictures(input).to(at::kCPU, at::kFloat));
  }
  return at::cat(embeddings);
}

at::Tensor ClipEmbedder::embed_text(const at::Tensor& ids) {
  require_text();
  const at::NoGradGuard no_grad;
  return model_->embed_texts(ids.to(device_)).to(at::kCPU, at::kFloat);
}

at::Tensor ClipEmbedder::classify(const at::Tensor& picture_embeddings, const at::Tensor& text_embeddings) const {
  require_text();
  const at::NoGradGuard no_grad;
  return model_->logits(picture_embeddings.to(device_), text_embeddings.to(device_)).softmax(1).to(at::kCPU);
}

void ClipEmbedder::require_text() const {
  FMRI2IMG_CHECK(model_->has_text(), "this CLIP has no text tower: it was opened, or saved, for pictures only");
}

}  // namespace fmri2img::models
