#include "fmri2img/models/vision/efficientnet.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>

namespace fmri2img::models {
namespace {

constexpr double kEfficientNetEps = 1e-5;  // of its batch normalisations
constexpr int64_t kSqueezeFactor = 4;

/// torchvision's Conv2dNormActivation: layer 0 is the convolution, layer 1 its normalisation.
FrozenConv take_conv_and_norm(NamedWeights& weights, const std::string& name, const FrozenConvOptions& options) {
  return FrozenConv::with_norm(weights, name + ".0", name + ".1", options, kEfficientNetEps);
}

}  // namespace

EfficientNetB1::Block EfficientNetB1::take_block(NamedWeights& weights,
                                                 const std::string& name,
                                                 const BlockOptions& options) {
  int64_t layer = 0;
  const auto next = [&] { return fmt::format("{}.block.{}", name, layer++); };
  const int64_t wide = options.in_channels * options.expansion;
  const int64_t narrow = std::max<int64_t>(1, options.in_channels / kSqueezeFactor);
  Block block;
  if (wide != options.in_channels) {
    block.expand = take_conv_and_norm(weights, next(), {.in_channels = options.in_channels, .out_channels = wide});
  }
  block.depthwise = take_conv_and_norm(weights,
                                       next(),
                                       {.in_channels = wide,
                                        .out_channels = wide,
                                        .kernel = {options.side, options.side},
                                        .stride = options.stride,
                                        .padding = {options.side / 2, options.side / 2},
                                        .groups = wide});
  const std::string excitation = next();
  block.squeeze = FrozenConv::with_bias(weights, excitation + ".fc1", {.in_channels = wide, .out_channels = narrow});
  block.excite = FrozenConv::with_bias(weights, excitation + ".fc2", {.in_channels = narrow, .out_channels = wide});
  block.project = take_conv_and_norm(weights, next(), {.in_channels = wide, .out_channels = options.out_channels});
  block.residual = options.stride == 1 && options.in_channels == options.out_channels;
  return block;
}

at::Tensor EfficientNetB1::Block::operator()(const at::Tensor& input) const {
  at::Tensor map = expand ? at::silu((*expand)(input)) : input;
  map = at::silu(depthwise(map));
  const at::Tensor gate = excite(at::silu(squeeze(map.mean({2, 3}, /*keepdim=*/true)))).sigmoid_();
  map = project(map * gate);
  return residual ? map.add_(input) : map;
}

EfficientNetB1::EfficientNetB1(NamedWeights& weights)
    : first_(take_conv_and_norm(
          weights,
          "features.0",
          {.in_channels = 3, .out_channels = 32, .kernel = {3, 3}, .stride = 2, .padding = {1, 1}})) {
  struct Stage {
    int64_t expansion, side, stride, channels, blocks;
  };
  int64_t channels = 32;
  int64_t number = 1;
  for (const Stage& stage : {Stage{1, 3, 1, 16, 2},
                             Stage{6, 3, 2, 24, 3},
                             Stage{6, 5, 2, 40, 3},
                             Stage{6, 3, 2, 80, 4},
                             Stage{6, 5, 1, 112, 4},
                             Stage{6, 5, 2, 192, 5},
                             Stage{6, 3, 1, 320, 2}}) {
    for (int64_t i = 0; i < stage.blocks; ++i) {
      blocks_.push_back(take_block(weights,
                                   fmt::format("features.{}.{}", number, i),
                                   {.in_channels = channels,
                                    .out_channels = stage.channels,
                                    .expansion = stage.expansion,
                                    .side = stage.side,
                                    .stride = i == 0 ? stage.stride : 1}));
      channels = stage.channels;
    }
    ++number;
  }
  last_ = take_conv_and_norm(weights, "features.8", {.in_channels = channels, .out_channels = 4 * channels});
  weights.ignore("classifier.");
}

std::vector<at::Tensor> EfficientNetB1::features(const at::Tensor& pictures) const {
  const at::NoGradGuard no_grad;
  at::Tensor map = at::silu(first_(pictures.contiguous(at::MemoryFormat::ChannelsLast)));
  for (const Block& block : blocks_) map = block(map);
  return {at::silu(last_(map)).mean({2, 3})};
}

}  // namespace fmri2img::models
