#include "fmri2img/models/autoencoder_kl/mid_block.h"

#include "fmri2img/nn/attention.h"
#include "fmri2img/nn/resnet_block.h"

namespace fmri2img::models {

MidBlockImpl::MidBlockImpl(const HalfOptions& options) {
  const int64_t channels = options.block_out_channels.back();
  register_module("attentions", attentions);
  register_module("resnets", resnets);
  const nn::ResnetBlockOptions resnet{
      .in_channels = channels, .out_channels = channels, .groups = options.norm_num_groups};
  resnets->push_back(nn::ResnetBlock(resnet));
  resnets->push_back(nn::ResnetBlock(resnet));
  if (!options.mid_block_add_attention) return;
  attentions->push_back(
      nn::SpatialAttention(nn::SpatialAttentionOptions{.channels = channels, .groups = options.norm_num_groups}));
}

void MidBlockImpl::reset_parameters(const at::Generator& generator) {
  resnets->at<nn::ResnetBlockImpl>(0).reset_parameters(generator);
  if (!attentions->is_empty()) attentions->at<nn::SpatialAttentionImpl>(0).reset_parameters(generator);
  resnets->at<nn::ResnetBlockImpl>(1).reset_parameters(generator);
}

at::Tensor MidBlockImpl::forward(const at::Tensor& input) {
  at::Tensor hidden = resnets->at<nn::ResnetBlockImpl>(0).forward(input);
  if (!attentions->is_empty()) hidden = attentions->at<nn::SpatialAttentionImpl>(0).forward(hidden);
  return resnets->at<nn::ResnetBlockImpl>(1).forward(hidden);
}

}  // namespace fmri2img::models
