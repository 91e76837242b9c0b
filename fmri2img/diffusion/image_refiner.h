#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace fmri2img::diffusion {

/// A picture to be redrawn as its prompt says.
struct RefineRequest {
  at::Tensor picture;  ///< uint8 [H, W, 3]
  std::string prompt;
  uint64_t seed = 0;  ///< of its posterior sample and its noise
};

/// Takes a finished picture: the index of its request, and uint8 [H, W, 3].
using OnPicture = std::function<void(size_t request, const at::Tensor& picture)>;

/// Makes pictures that keep the layout of others and show what a prompt says.
class ImageRefiner {
 public:
  virtual ~ImageRefiner() = default;

  /// Gives each request's picture to `on_picture` as soon as it is finished, in order: what was given is safe from
  /// whatever ends the rest. A picture does not depend on its neighbours but for rounding.
  virtual void refine(std::span<const RefineRequest> requests, const OnPicture& on_picture) = 0;

  /// Called after each evaluation of the network, with what it stands for: evaluations of how many requests.
  std::function<void(int64_t requests)> on_evaluation;
};

}  // namespace fmri2img::diffusion
