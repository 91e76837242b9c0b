#include "fmri2img/models/autoencoder_kl/decoder.h"

#include "fmri2img/nn/resample.h"
#include "fmri2img/nn/resnet_block.h"

namespace fmri2img::models {

UpBlockImpl::UpBlockImpl(const HalfOptions& options, size_t step) {
  const size_t levels = options.block_out_channels.size();
  const int64_t channels = options.block_out_channels[levels - 1 - step];
  int64_t in_channels = options.block_out_channels[step == 0 ? levels - 1 : levels - step];
  register_module("resnets", resnets);
  for (int64_t i = 0; i < options.layers_per_block + 1; ++i) {
    const nn::ResnetBlockOptions resnet{
        .in_channels = in_channels, .out_channels = channels, .groups = options.norm_num_groups};
    resnets->push_back(nn::ResnetBlock(resnet));
    in_channels = channels;
  }
  if (step + 1 == levels) return;
  upsamplers = register_module("upsamplers", torch::nn::ModuleList());
  upsamplers->push_back(nn::Upsample(channels));
}

void UpBlockImpl::reset_parameters(const at::Generator& generator) {
  for (const auto& resnet : *resnets) resnet->as<nn::ResnetBlock>()->reset_parameters(generator);
  if (upsamplers) upsamplers->at<nn::UpsampleImpl>(0).reset_parameters(generator);
}

at::Tensor UpBlockImpl::forward(const at::Tensor& input) {
  at::Tensor hidden = input;
  for (const auto& resnet : *resnets) hidden = resnet->as<nn::ResnetBlock>()->forward(hidden);
  return upsamplers ? upsamplers->at<nn::UpsampleImpl>(0).forward(hidden) : hidden;
}

DecoderImpl::DecoderImpl(const HalfOptions& options) {
  const int64_t finest = options.block_out_channels.front();
  const int64_t coarsest = options.block_out_channels.back();
  conv_in = register_module("conv_in", nn::Conv2d(nn::Conv2dOptions{options.in_channels, coarsest}));
  register_module("up_blocks", up_blocks);
  mid_block = register_module("mid_block", MidBlock(options));
  for (size_t step = 0; step < options.block_out_channels.size(); ++step) up_blocks->push_back(UpBlock(options, step));
  conv_norm_out =
      register_module("conv_norm_out", nn::GroupNorm(nn::GroupNormOptions{options.norm_num_groups, finest, 1e-6}));
  conv_out = register_module("conv_out", nn::Conv2d(nn::Conv2dOptions{finest, options.out_channels}));
}

void DecoderImpl::reset_parameters(const at::Generator& generator) {
  conv_in->reset_parameters(generator);
  mid_block->reset_parameters(generator);
  for (const auto& block : *up_blocks) block->as<UpBlock>()->reset_parameters(generator);
  conv_norm_out->reset_parameters();
  conv_out->reset_parameters(generator);
}

at::Tensor DecoderImpl::forward(const at::Tensor& input) {
  at::Tensor hidden = mid_block(conv_in(input));
  for (const auto& block : *up_blocks) hidden = block->as<UpBlock>()->forward(hidden);
  return conv_out(conv_norm_out->forward_silu(hidden));
}

}  // namespace fmri2img::models
