#pragma once

#include <optional>
#include <vector>

#include "fmri2img/models/vision/feature_network.h"
#include "fmri2img/models/vision/frozen_conv.h"

namespace fmri2img::models {

/// Source: torchvision 0.28, models/inception.py, with transform_input: pictures normalised by ImageNet's means and
/// deviations are brought to [-1, 1] first. The auxiliary classifier is left out.
class InceptionV3 : public FeatureNetwork {
 public:
  explicit InceptionV3(NamedWeights& weights);
  std::vector<at::Tensor> features(const at::Tensor& pictures) const override;

 private:
  /// Convolutions one after the other, the last of which may be several side by side.
  struct Branch {
    std::vector<FrozenConv> chain, fork;
    at::Tensor operator()(const at::Tensor& input) const;
  };

  /// Branches side by side, and a pooling beside them: an average with a convolution after it, else the maximum.
  struct Block {
    std::vector<Branch> branches;
    std::optional<FrozenConv> pooled;
    at::Tensor operator()(const at::Tensor& input) const;
  };

  /// Takes the tensors of one block, "Mixed_5b".
  class BlockReader;

  std::vector<FrozenConv> stem_;
  std::vector<Block> blocks_;
};

}  // namespace fmri2img::models
