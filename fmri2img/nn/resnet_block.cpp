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
  at::Tensor hidden = conv1(norm1->forward_silu(input));
  if (time_emb_proj) hidden = add_channels(hidden, time_emb_proj(activated_time));
  hidden = conv2(norm2->forward_silu(hidden));
  return add_maps(conv_shortcut ? conv_shortcut(input) : input, hidden);
}

}  // namespace fmri2img::nn
