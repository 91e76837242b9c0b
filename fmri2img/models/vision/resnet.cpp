#include "fmri2img/models/vision/resnet.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

namespace fmri2img::models {
namespace {

constexpr double kResNetEps = 1e-5;  // of its batch normalisations
constexpr int64_t kExpansion = 4;

}  // namespace

ResNet50::Bottleneck ResNet50::take_block(
    NamedWeights& weights, const std::string& name, int64_t in, int64_t width, int64_t stride) {
  const auto take = [&](const char* conv, const char* norm, const FrozenConvOptions& options) {
    return FrozenConv::with_norm(weights, name + conv, name + norm, options, kResNetEps);
  };
  const int64_t out = width * kExpansion;
  Bottleneck block{
      take(".conv1", ".bn1", {.in_channels = in, .out_channels = width}),
      take(".conv2",
           ".bn2",
           {.in_channels = width, .out_channels = width, .kernel = {3, 3}, .stride = stride, .padding = {1, 1}}),
      take(".conv3", ".bn3", {.in_channels = width, .out_channels = out}),
      std::nullopt};
  if (in != out) {
    block.shortcut = take(".downsample.0", ".downsample.1", {.in_channels = in, .out_channels = out, .stride = stride});
  }
  return block;
}

at::Tensor ResNet50::Bottleneck::operator()(const at::Tensor& input) const {
  const at::Tensor passed = shortcut ? (*shortcut)(input) : input;
  return expand(conv.rectified(reduce.rectified(input))).add_(passed).relu_();
}

ResNet50::ResNet50(NamedWeights& weights)
    : first_(FrozenConv::with_norm(
          weights,
          "conv1",
          "bn1",
          {.in_channels = 3, .out_channels = 64, .kernel = {7, 7}, .stride = 2, .padding = {3, 3}},
          kResNetEps)) {
  int64_t channels = 64;
  int64_t stage = 0;
  for (const int64_t count : {3, 4, 6, 3}) {
    const int64_t width = int64_t{64} << stage++;
    for (int64_t i = 0; i < count; ++i) {
      const int64_t stride = i == 0 && stage > 1 ? 2 : 1;
      blocks_.push_back(take_block(weights, fmt::format("layer{}.{}", stage, i), channels, width, stride));
      channels = width * kExpansion;
    }
  }
  for (const char* unused : {"fc.", "projection_head", "prototypes"}) weights.ignore(unused);
}

std::vector<at::Tensor> ResNet50::features(const at::Tensor& pictures) const {
  const at::NoGradGuard no_grad;
  at::Tensor map = first_.rectified(pictures.contiguous(at::MemoryFormat::ChannelsLast));
  map = at::max_pool2d(map, {3, 3}, {2, 2}, {1, 1});
  for (const Bottleneck& block : blocks_) map = block(map);
  return {map.mean({2, 3})};
}

}  // namespace fmri2img::models
