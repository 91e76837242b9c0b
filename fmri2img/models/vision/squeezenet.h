#pragma once

#include <vector>

#include "fmri2img/models/vision/feature_network.h"
#include "fmri2img/models/vision/frozen_conv.h"

namespace fmri2img::models {

/// Source: torchvision 0.28, models/squeezenet.py, version 1.1; the seven maps of lpips 0.1.4, pretrained_networks.py.
class SqueezeNet : public FeatureNetwork {
 public:
  explicit SqueezeNet(NamedWeights& weights);
  std::vector<at::Tensor> features(const at::Tensor& pictures) const override;

 private:
  /// Few channels, then many again by two convolutions side by side.
  struct Fire {
    FrozenConv squeeze, expand1x1, expand3x3;
    at::Tensor operator()(const at::Tensor& input) const;
  };

  static Fire take_fire(NamedWeights& weights, const std::string& name, int64_t in, int64_t squeezed, int64_t expanded);

  FrozenConv first_;
  std::vector<Fire> fires_;
};

}  // namespace fmri2img::models
