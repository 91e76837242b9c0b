#pragma once

#include <ATen/core/Tensor.h>

#include <set>
#include <string>

#include "fmri2img/evaluation/protocol.h"
#include "fmri2img/reconstruction/results.h"

namespace fmri2img::evaluation {

/// Reads pictures of one results folder, and training pictures by their whole path, as a protocol takes them.
class PictureReader {
 public:
  /// The results outlive the reader.
  PictureReader(const reconstruction::Results& results, const Protocol& protocol);

  /// uint8 [H, W, 3]. For a protocol that resizes, the picture as it is: shown pictures and high-level images go
  /// through its resizing alone. For one that does not, all are brought to the low-level pictures' size (bilinear,
  /// antialiased). Throws Error naming the file if it cannot be read, or has a size that this run does not have.
  at::Tensor operator()(const std::string& file) const;

 private:
  void require_size(const std::string& file, const at::Tensor& picture) const;

  const reconstruction::Results& results_;
  bool reduces_;
  std::set<std::string> shown_, high_;  // files of targets of any size, and of high-level images
};

}  // namespace fmri2img::evaluation
