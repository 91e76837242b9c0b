#include "fmri2img/models/vision/alexnet.h"

#include <ATen/ATen.h>

namespace fmri2img::models {

AlexNet::AlexNet(NamedWeights& weights) {
  const auto append = [&](const char* name, int64_t in, int64_t out, int64_t side, int64_t stride, int64_t padding) {
    convs_.push_back(FrozenConv::with_bias(weights,
                                           name,
                                           {.in_channels = in,
                                            .out_channels = out,
                                            .kernel = {side, side},
                                            .stride = stride,
                                            .padding = {padding, padding}}));
  };
  append("features.0", 3, 64, 11, 4, 2);
  append("features.3", 64, 192, 5, 1, 2);
  append("features.6", 192, 384, 3, 1, 1);
  append("features.8", 384, 256, 3, 1, 1);
  append("features.10", 256, 256, 3, 1, 1);
  weights.ignore("classifier.");
}

std::vector<at::Tensor> AlexNet::features(const at::Tensor& pictures) const {
  const at::NoGradGuard no_grad;
  std::vector<at::Tensor> maps = {convs_[0].rectified(pictures.contiguous(at::MemoryFormat::ChannelsLast))};
  maps.push_back(convs_[1].rectified(pool_by_two(maps.back(), 3)));
  maps.push_back(convs_[2].rectified(pool_by_two(maps.back(), 3)));
  maps.push_back(convs_[3].rectified(maps.back()));
  maps.push_back(convs_[4].rectified(maps.back()));
  return maps;
}

}  // namespace fmri2img::models
