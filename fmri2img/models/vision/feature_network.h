#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "fmri2img/models/vision/named_weights.h"

namespace fmri2img::models {

/// The networks of ImageNet's classes whose inner values the field compares pictures by.
enum class VisionNetwork {
  kAlexNet,
  kSqueezeNet,      ///< 1.1
  kVgg16,           ///< without batch normalisation
  kInceptionV3,     ///< transform_input switched on, as with torchvision's own weights
  kEfficientNetB1,  ///< either of torchvision's weights
  kResNet50,        ///< SwAV's, or torchvision's
};

/// "torchvision's AlexNet".
std::string network_name(VisionNetwork network);

/// One of these networks without its classifier.
class FeatureNetwork {
 public:
  virtual ~FeatureNetwork() = default;

  /// AlexNet, SqueezeNet, VGG: the maps after the rectifiers that LPIPS compares, [N, C, h, w] each; of AlexNet the
  /// five after its convolutions, the second and the last being torchvision's `features.4` and `features.11`.
  /// The others: one [N, D], their average pooling.
  ///
  /// Shape: pictures float32 [N, 3, H, W], normalised as the network was trained (or as LPIPS does).
  virtual std::vector<at::Tensor> features(const at::Tensor& pictures) const = 0;
};

/// Takes the network's tensors out of `weights`, under torchvision's names, and marks the classifier's as ignored;
/// `weights.finish()` is the caller's to call.
std::unique_ptr<FeatureNetwork> make_feature_network(VisionNetwork network, NamedWeights& weights);

/// A network from torchvision's state dict, or from SwAV's. Throws Error (mismatch) for the file of another network.
std::unique_ptr<FeatureNetwork> open_feature_network(VisionNetwork network, const std::filesystem::path& path);

}  // namespace fmri2img::models
