#include "fmri2img/models/vision/frozen_conv.h"

#include <ATen/ATen.h>

#include "fmri2img/nn/blocked.h"
#include "fmri2img/nn/conv2d.h"

namespace fmri2img::models {
namespace {

std::vector<int64_t> weight_shape(const FrozenConvOptions& options) {
  return {options.out_channels, options.in_channels / options.groups, options.kernel[0], options.kernel[1]};
}

}  // namespace

FrozenConv FrozenConv::with_bias(NamedWeights& weights, const std::string& name, const FrozenConvOptions& options) {
  FrozenConv conv;
  conv.options_ = options;
  conv.weight_ = weights.take(name + ".weight", weight_shape(options)).contiguous(at::MemoryFormat::ChannelsLast);
  conv.bias_ = weights.take(name + ".bias", {options.out_channels});
  return conv;
}

FrozenConv FrozenConv::with_norm(NamedWeights& weights,
                                 const std::string& name,
                                 const std::string& norm,
                                 const FrozenConvOptions& options,
                                 double eps) {
  const at::Tensor weight = weights.take(name + ".weight", weight_shape(options)).to(at::kDouble);
  const auto taken = [&](const char* what) {
    return weights.take(norm + what, {options.out_channels}).to(at::kDouble);
  };
  const at::Tensor scale = taken(".weight") / (taken(".running_var") + eps).sqrt();
  FrozenConv conv;
  conv.options_ = options;
  conv.bias_ = (taken(".bias") - taken(".running_mean") * scale).to(at::kFloat);
  conv.weight_ = (weight * scale.view({-1, 1, 1, 1})).to(at::kFloat).contiguous(at::MemoryFormat::ChannelsLast);
  return conv;
}

at::Tensor FrozenConv::operator()(const at::Tensor& input) const {
  const bool square = weight_.size(2) == 3 && weight_.size(3) == 3 && options_.padding[0] == options_.padding[1];
  if (square && options_.groups == 1)
    return nn::to_channels_last(nn::conv2d(input, weight_, bias_, options_.stride, options_.padding[0]));
  return at::conv2d(input,
                    weight_,
                    bias_,
                    {options_.stride, options_.stride},
                    at::IntArrayRef(options_.padding),
                    /*dilation=*/{1, 1},
                    options_.groups);
}

at::Tensor FrozenConv::rectified(const at::Tensor& input) const {
  return (*this)(input).relu_();
}

at::Tensor pool_by_two(const at::Tensor& map, int64_t side, bool ceil_mode) {
  return at::max_pool2d(map, {side, side}, /*stride=*/{2, 2}, /*padding=*/{0, 0}, /*dilation=*/{1, 1}, ceil_mode);
}

}  // namespace fmri2img::models
