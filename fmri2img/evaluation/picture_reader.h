#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "fmri2img/reconstruction/results.h"

namespace fmri2img::evaluation {

/// Reads pictures of one results folder, and training pictures by their whole path, at the targets' size.
class PictureReader {
 public:
  explicit PictureReader(const reconstruction::Results& results) : results_(results) {}

  /// uint8 [H, W, 3]. High-level images and training pictures are brought to the targets' size (bilinear,
  /// antialiased). Throws Error naming the file if it cannot be read, or has a size that this run does not have.
  at::Tensor operator()(const std::string& file) const;

 private:
  const reconstruction::Results& results_;
};

}  // namespace fmri2img::evaluation
