#include "fmri2img/models/vision/vgg.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

namespace fmri2img::models {

Vgg16::Vgg16(NamedWeights& weights) {
  struct Stage {
    int64_t channels, convs;
  };
  int64_t channels = 3;
  int64_t layer = 0;  // torchvision counts rectifiers and poolings too
  for (const Stage& stage : {Stage{64, 2}, Stage{128, 2}, Stage{256, 3}, Stage{512, 3}, Stage{512, 3}}) {
    stages_.emplace_back();
    for (int64_t i = 0; i < stage.convs; ++i) {
      stages_.back().push_back(FrozenConv::with_bias(
          weights,
          fmt::format("features.{}", layer),
          {.in_channels = channels, .out_channels = stage.channels, .kernel = {3, 3}, .padding = {1, 1}}));
      channels = stage.channels;
      layer += 2;
    }
    ++layer;
  }
  weights.ignore("classifier.");
}

std::vector<at::Tensor> Vgg16::features(const at::Tensor& pictures) const {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> maps;
  at::Tensor map = pictures.contiguous(at::MemoryFormat::ChannelsLast);
  for (const auto& stage : stages_) {
    if (!maps.empty()) map = pool_by_two(map, 2);
    for (const FrozenConv& conv : stage) map = conv.rectified(map);
    maps.push_back(map);
  }
  return maps;
}

}  // namespace fmri2img::models
