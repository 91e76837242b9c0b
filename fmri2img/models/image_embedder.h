#pragma once

#include <ATen/core/Tensor.h>

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

}  // namespace fmri2img::models
