#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fmri2img::diffusion {

/// A picture to be redrawn as its prompt says.
struct RefineRequest {
  at::Tensor picture;  ///< uint8 [H, W, 3]
  std::string prompt;
  uint64_t seed = 0;  ///< of its posterior sample and its noise
};

/// Makes pictures that keep the layout of others and show what a prompt says.
class ImageRefiner {
 public:
  virtual ~ImageRefiner() = default;

  /// uint8 [H, W, 3] for each request. A picture does not depend on its neighbours but for rounding.
  virtual std::vector<at::Tensor> refine(std::span<const RefineRequest> requests) = 0;
};

}  // namespace fmri2img::diffusion
