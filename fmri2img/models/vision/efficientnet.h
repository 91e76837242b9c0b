#pragma once

#include <optional>
#include <vector>

#include "fmri2img/models/vision/feature_network.h"
#include "fmri2img/models/vision/frozen_conv.h"

namespace fmri2img::models {

/// Source: torchvision 0.28, models/efficientnet.py, efficientnet_b1 (widths of B0, 1.1 times its depth).
class EfficientNetB1 : public FeatureNetwork {
 public:
  explicit EfficientNetB1(NamedWeights& weights);
  std::vector<at::Tensor> features(const at::Tensor& pictures) const override;

 private:
  struct BlockOptions {
    int64_t in_channels, out_channels, expansion, side, stride;
  };

  /// An inverted residual block with squeeze and excitation.
  struct Block {
    std::optional<FrozenConv> expand;
    FrozenConv depthwise, squeeze, excite, project;
    bool residual;
    at::Tensor operator()(const at::Tensor& input) const;
  };

  static Block take_block(NamedWeights& weights, const std::string& name, const BlockOptions& options);

  FrozenConv first_, last_;
  std::vector<Block> blocks_;
};

}  // namespace fmri2img::models
