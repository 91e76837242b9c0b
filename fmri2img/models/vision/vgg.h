#pragma once

#include <vector>

#include "fmri2img/models/vision/feature_network.h"
#include "fmri2img/models/vision/frozen_conv.h"

namespace fmri2img::models {

/// Source: torchvision 0.28, models/vgg.py, configuration D; the five maps of lpips 0.1.4, pretrained_networks.py.
class Vgg16 : public FeatureNetwork {
 public:
  explicit Vgg16(NamedWeights& weights);
  std::vector<at::Tensor> features(const at::Tensor& pictures) const override;

 private:
  std::vector<std::vector<FrozenConv>> stages_;
};

}  // namespace fmri2img::models
