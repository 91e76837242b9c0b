#pragma once

#include <vector>

#include "fmri2img/models/vision/feature_network.h"
#include "fmri2img/models/vision/frozen_conv.h"

namespace fmri2img::models {

/// Source: torchvision 0.28, models/alexnet.py (one column, 64 channels first).
class AlexNet : public FeatureNetwork {
 public:
  explicit AlexNet(NamedWeights& weights);
  std::vector<at::Tensor> features(const at::Tensor& pictures) const override;

 private:
  std::vector<FrozenConv> convs_;
};

}  // namespace fmri2img::models
