#include "fmri2img/nn/resnet_block.h"

#include <ATen/ATen.h>

#include "fmri2img/nn/feature_map.h"

namespace fmri2img::nn {

ResnetBlockImpl::ResnetBlockImpl(const ResnetBlockOptions& options)
    : norm1(GroupNormOptions{.groups = options.groups, .channels = options.in_channels, .eps = options.eps}),
      conv1(Conv2dOptions{.in_channels = options.in_channels, .out_channels = options.out_channels}),
      time_emb_proj(nullptr),
      norm2(GroupNormOptions{.groups = options.groups, .channels = options.out_channels, .eps = options.eps}),
      conv2(Conv2dOptions{.in_channels = options.out_channels, .out_channels = options.out_channels}),
      conv_shortcut(nullptr) {
  register_module("norm1", norm1);
  register_module("conv1", conv1);
  if (options.time_channels > 0) {
    time_emb_proj =
        register_module("time_emb_proj", Linear(LinearOptions{options.time_channels, options.out_channels}));
  }
  register_module("norm2", norm2);
  register_module("conv2", conv2);
  if (options.in_channels == options.out_channels) return;
  const Conv2dOptions pointwise{
      .in_channels = options.in_channels, .out_channels = options.out_channels, .kernel_size = 1, .padding = 0};
  conv_shortcut = register_module("conv_shortcut", Conv2d(pointwise));
}

void ResnetBlockImpl::reset_parameters(const at::Generator& generator) {
  norm1->reset_parameters();
  conv1->reset_parameters(generator);
  if (time_emb_proj) time_emb_proj->reset_parameters(generator);
  norm2->reset_parameters();
  conv2->reset_parameters(generator);
  if (conv_shortcut) conv_shortcut->reset_parameters(generator);
}

at::Tensor ResnetBlockImpl::forward(const at::Tensor& input, const at::Tensor& activated_time) {
  // Each map is let go before the next is made: at 512 x 512 pixels one of them takes a quarter of a gigabyte.
  at::Tensor hidden = norm1->forward_silu(input);
  hidden = conv1(hidden);
  if (time_emb_proj) hidden = add_channels(std::move(hidden), time_emb_proj(activated_time));
  hidden = norm2->forward_silu(hidden);
  hidden = conv2(hidden);
  return add_map(std::move(hidden), conv_shortcut ? conv_shortcut(input) : input);
}

}  // namespace fmri2img::nn
