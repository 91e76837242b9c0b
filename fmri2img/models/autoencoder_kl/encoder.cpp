#include "fmri2img/models/autoencoder_kl/encoder.h"

#include "fmri2img/nn/resample.h"
#include "fmri2img/nn/resnet_block.h"

namespace fmri2img::models {

DownBlockImpl::DownBlockImpl(const HalfOptions& options, size_t level) {
  const int64_t channels = options.block_out_channels[level];
  int64_t in_channels = options.block_out_channels[level == 0 ? 0 : level - 1];
  register_module("resnets", resnets);
  for (int64_t i = 0; i < options.layers_per_block; ++i) {
    const nn::ResnetBlockOptions resnet{
        .in_channels = in_channels, .out_channels = channels, .groups = options.norm_num_groups};
    resnets->push_back(nn::ResnetBlock(resnet));
    in_channels = channels;
  }
  if (level + 1 == options.block_out_channels.size()) return;
  downsamplers = register_module("downsamplers", torch::nn::ModuleList());
  downsamplers->push_back(nn::Downsample(channels));
}

void DownBlockImpl::reset_parameters(const at::Generator& generator) {
  for (const auto& resnet : *resnets) resnet->as<nn::ResnetBlock>()->reset_parameters(generator);
  if (downsamplers) downsamplers->at<nn::DownsampleImpl>(0).reset_parameters(generator);
}

at::Tensor DownBlockImpl::forward(const at::Tensor& input) {
  at::Tensor hidden = input;
  for (const auto& resnet : *resnets) hidden = resnet->as<nn::ResnetBlock>()->forward(hidden);
  return downsamplers ? downsamplers->at<nn::DownsampleImpl>(0).forward(hidden) : hidden;
}

EncoderImpl::EncoderImpl(const HalfOptions& options) {
  const int64_t finest = options.block_out_channels.front();
  const int64_t coarsest = options.block_out_channels.back();
  conv_in = register_module("conv_in", nn::Conv2d(nn::Conv2dOptions{options.in_channels, finest}));
  register_module("down_blocks", down_blocks);
  for (size_t level = 0; level < options.block_out_channels.size(); ++level)
    down_blocks->push_back(DownBlock(options, level));
  mid_block = register_module("mid_block", MidBlock(options));
  conv_norm_out =
      register_module("conv_norm_out", nn::GroupNorm(nn::GroupNormOptions{options.norm_num_groups, coarsest, 1e-6}));
  conv_out = register_module("conv_out", nn::Conv2d(nn::Conv2dOptions{coarsest, 2 * options.out_channels}));
}

void EncoderImpl::reset_parameters(const at::Generator& generator) {
  conv_in->reset_parameters(generator);
  for (const auto& block : *down_blocks) block->as<DownBlock>()->reset_parameters(generator);
  mid_block->reset_parameters(generator);
  conv_norm_out->reset_parameters();
  conv_out->reset_parameters(generator);
}

at::Tensor EncoderImpl::forward(const at::Tensor& input) {
  at::Tensor hidden = conv_in(input);
  for (const auto& block : *down_blocks) hidden = block->as<DownBlock>()->forward(hidden);
  return conv_out(conv_norm_out->forward_silu(mid_block(hidden)));
}

}  // namespace fmri2img::models
