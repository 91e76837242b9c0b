#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "fmri2img/models/vision/feature_network.h"

namespace fmri2img::models {

enum class LpipsNet { kAlex, kSqueeze, kVgg };

/// "alex", "squeeze", "vgg".
std::string lpips_name(LpipsNet net);

/// The ImageNet network under it.
VisionNetwork lpips_backbone(LpipsNet net);

/// Learned perceptual distance of pictures, version 0.1: squared differences of unit-length channel vectors, weighted
/// by channel, averaged over positions, summed over maps.
///
/// Source: Zhang et al., "The unreasonable effectiveness of deep features as a perceptual metric" (2018), as the lpips
/// package 0.1.4 has it (LPIPS(net=..., version="0.1")).
class Lpips {
 public:
  /// The smallest side of a picture that all three networks can look at.
  static constexpr int64_t kSmallestSide = 32;

  /// `backbone` is torchvision's state dict, `heads` the lpips package's (`lin0.model.1.weight` ...).
  /// Both are taken from; `finish` is the caller's to call.
  Lpips(LpipsNet net, NamedWeights& backbone, NamedWeights& heads);

  /// Throws Error (mismatch) for the file of another network.
  static std::unique_ptr<Lpips> open(LpipsNet net,
                                     const std::filesystem::path& backbone,
                                     const std::filesystem::path& heads);

  /// What `distances` compares: maps of unit-length channel vectors.
  /// Shape: pictures float32 [N, 3, H, W] in [-1, 1] -> [N, C, h, w] each.
  std::vector<at::Tensor> features(const at::Tensor& pictures) const;

  /// Shape: features of N pictures each, or of one against N -> [N] float32.
  at::Tensor distances(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b) const;

 private:
  std::unique_ptr<FeatureNetwork> network_;
  std::vector<at::Tensor> heads_;  // [C] each
};

}  // namespace fmri2img::models
