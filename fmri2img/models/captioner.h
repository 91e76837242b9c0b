#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fmri2img::models {

struct Caption {
  std::vector<int64_t> tokens;  ///< as the model gave them, special tokens too
  std::string text;
};

/// Says in words what is in a picture.
class Captioner {
 public:
  virtual ~Captioner() = default;

  /// One caption for each picture, uint8 [H, W, 3] of any size. A caption does not depend on its neighbours.
  virtual std::vector<Caption> caption(std::span<const at::Tensor> pictures) = 0;
};

}  // namespace fmri2img::models
