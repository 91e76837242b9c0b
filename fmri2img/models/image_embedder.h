#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <memory>
#include <span>

namespace fmri2img::models {

/// Turns pictures into vectors whose cosine says how alike they are.
class ImageEmbedder {
 public:
  virtual ~ImageEmbedder() = default;

  /// Pictures uint8 [H, W, 3] of any size -> [N, D] float32, not normalised. An embedding does not depend on its
  /// neighbours.
  virtual at::Tensor embed(std::span<const at::Tensor> pictures) = 0;
};

/// The picture tower of a CLIP: what `load_clip` (clip/clip_embedder.h) can read, in `dtype` (at::kFloat, or
/// at::kBFloat16 for weights and products in bfloat16). Throws Error saying what is missing or does not fit.
std::unique_ptr<ImageEmbedder> open_image_embedder(const std::filesystem::path& folder_or_file,
                                                   at::ScalarType dtype = at::kFloat,
                                                   at::Device device = at::kCPU);

}  // namespace fmri2img::models
