#include "fmri2img/nn/resample.h"

#include <ATen/ATen.h>

#include "fmri2img/nn/blocked.h"
#include "fmri2img/nn/feature_map.h"

namespace fmri2img::nn {

at::Tensor upsample_nearest_2x(const at::Tensor& input) {
  if (is_blocked(input)) return upsample_blocked(input);
  return at::upsample_nearest2d(input, {input.size(2) * 2, input.size(3) * 2});
}

UpsampleImpl::UpsampleImpl(int64_t channels) : conv(Conv2dOptions{.in_channels = channels, .out_channels = channels}) {
  register_module("conv", conv);
}

at::Tensor UpsampleImpl::forward(const at::Tensor& input) {
  return conv(upsample_nearest_2x(input));
}

at::Tensor UpsampleImpl::forward_to(const at::Tensor& input, int64_t height, int64_t width) {
  if (height == 2 * map_height(input) && width == 2 * map_width(input)) return forward(input);
  return conv(at::upsample_nearest2d(to_plain(input), {height, width}));
}

DownsampleImpl::DownsampleImpl(int64_t channels, Padding padding)
    : conv(Conv2dOptions{.in_channels = channels,
                         .out_channels = channels,
                         .stride = 2,
                         .padding = padding == Padding::kSymmetric ? 1 : 0}) {
  register_module("conv", conv);
}

at::Tensor DownsampleImpl::forward(const at::Tensor& input) {
  if (conv->options.padding == 1) return conv(input);
  if (is_blocked(input)) return conv(at::constant_pad_nd(input, {0, 0, 0, 1, 0, 1}));
  return conv(at::constant_pad_nd(input, {0, 1, 0, 1}));
}

}  // namespace fmri2img::nn
