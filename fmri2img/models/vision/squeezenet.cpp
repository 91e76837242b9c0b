#include "fmri2img/models/vision/squeezenet.h"

#include <ATen/ATen.h>

namespace fmri2img::models {

SqueezeNet::Fire SqueezeNet::take_fire(
    NamedWeights& weights, const std::string& name, int64_t in, int64_t squeezed, int64_t expanded) {
  return {
      FrozenConv::with_bias(weights, name + ".squeeze", {.in_channels = in, .out_channels = squeezed}),
      FrozenConv::with_bias(weights, name + ".expand1x1", {.in_channels = squeezed, .out_channels = expanded}),
      FrozenConv::with_bias(weights,
                            name + ".expand3x3",
                            {.in_channels = squeezed, .out_channels = expanded, .kernel = {3, 3}, .padding = {1, 1}})};
}

at::Tensor SqueezeNet::Fire::operator()(const at::Tensor& input) const {
  const at::Tensor squeezed = squeeze.rectified(input);
  return at::cat({expand1x1.rectified(squeezed), expand3x3.rectified(squeezed)}, 1);
}

SqueezeNet::SqueezeNet(NamedWeights& weights)
    : first_(FrozenConv::with_bias(
          weights, "features.0", {.in_channels = 3, .out_channels = 64, .kernel = {3, 3}, .stride = 2})) {
  const auto append = [&](const char* name, int64_t in, int64_t squeezed, int64_t expanded) {
    fires_.push_back(take_fire(weights, name, in, squeezed, expanded));
  };
  append("features.3", 64, 16, 64);
  append("features.4", 128, 16, 64);
  append("features.6", 128, 32, 128);
  append("features.7", 256, 32, 128);
  append("features.9", 256, 48, 192);
  append("features.10", 384, 48, 192);
  append("features.11", 384, 64, 256);
  append("features.12", 512, 64, 256);
  weights.ignore("classifier.");
}

std::vector<at::Tensor> SqueezeNet::features(const at::Tensor& pictures) const {
  const at::NoGradGuard no_grad;
  const auto halved = [](const at::Tensor& map) { return pool_by_two(map, 3, /*ceil_mode=*/true); };
  std::vector<at::Tensor> maps = {first_.rectified(pictures.contiguous(at::MemoryFormat::ChannelsLast))};
  maps.push_back(fires_[1](fires_[0](halved(maps.back()))));
  maps.push_back(fires_[3](fires_[2](halved(maps.back()))));
  maps.push_back(fires_[4](halved(maps.back())));
  for (size_t i = 5; i < fires_.size(); ++i) maps.push_back(fires_[i](maps.back()));
  return maps;
}

}  // namespace fmri2img::models
