#pragma once

#include <optional>
#include <vector>

#include "fmri2img/models/vision/feature_network.h"
#include "fmri2img/models/vision/frozen_conv.h"

namespace fmri2img::models {

/// Source: torchvision 0.28, models/resnet.py, resnet50 (the stride is in the 3 x 3 convolution); SwAV's hub file has
/// its names, with a projection head and prototypes that are left out here.
class ResNet50 : public FeatureNetwork {
 public:
  explicit ResNet50(NamedWeights& weights);
  std::vector<at::Tensor> features(const at::Tensor& pictures) const override;

 private:
  struct Bottleneck {
    FrozenConv reduce, conv, expand;
    std::optional<FrozenConv> shortcut;
    at::Tensor operator()(const at::Tensor& input) const;
  };

  static Bottleneck take_block(
      NamedWeights& weights, const std::string& name, int64_t in, int64_t width, int64_t stride);

  FrozenConv first_;
  std::vector<Bottleneck> blocks_;
};

}  // namespace fmri2img::models
