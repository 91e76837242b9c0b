#include "fmri2img/models/unet/blocks.h"

#include "fmri2img/models/unet/transformer.h"
#include "fmri2img/nn/feature_map.h"
#include "fmri2img/nn/resample.h"
#include "fmri2img/nn/resnet_block.h"

namespace fmri2img::models {
namespace {

nn::ResnetBlock make_resnet(const UNetOptions& options, int64_t in_channels, int64_t out_channels) {
  return nn::ResnetBlock(nn::ResnetBlockOptions{.in_channels = in_channels,
                                                .out_channels = out_channels,
                                                .groups = options.norm_num_groups,
                                                .eps = options.norm_eps,
                                                .time_channels = options.time_channels()});
}

SpatialTransformer make_transformer(const UNetOptions& options, size_t level) {
  return SpatialTransformer(TransformerOptions{.channels = options.block_out_channels[level],
                                               .context_channels = options.cross_attention_dim,
                                               .heads = options.heads[level],
                                               .layers = options.transformer_layers[level],
                                               .groups = options.norm_num_groups,
                                               .linear_projection = options.use_linear_projection});
}

}  // namespace

void UNetLayersImpl::add_layer(const UNetOptions& options, size_t level, int64_t in_channels) {
  if (resnets_->is_empty()) {
    cross_attention_ = options.cross_attention[level];
    if (cross_attention_) register_module("attentions", attentions_);
    register_module("resnets", resnets_);
  }
  resnets_->push_back(make_resnet(options, in_channels, options.block_out_channels[level]));
  if (cross_attention_) attentions_->push_back(make_transformer(options, level));
}

at::Tensor UNetLayersImpl::run_layer(size_t index, const at::Tensor& input, const UNetCondition& condition) {
  const at::Tensor hidden = resnets_->at<nn::ResnetBlockImpl>(index).forward(input, condition.time);
  return cross_attention_ ? attentions_->at<SpatialTransformerImpl>(index).forward(hidden, condition.text) : hidden;
}

void UNetLayersImpl::reset_layers(const at::Generator& generator) {
  for (size_t i = 0; i < resnets_->size(); ++i) {
    resnets_->at<nn::ResnetBlockImpl>(i).reset_parameters(generator);
    if (cross_attention_) attentions_->at<SpatialTransformerImpl>(i).reset_parameters(generator);
  }
}

UNetDownBlockImpl::UNetDownBlockImpl(const UNetOptions& options, size_t level) {
  const int64_t channels = options.block_out_channels[level];
  int64_t in_channels = options.block_out_channels[level == 0 ? 0 : level - 1];
  for (int64_t i = 0; i < options.layers_per_block; ++i) {
    add_layer(options, level, in_channels);
    in_channels = channels;
  }
  if (level + 1 == options.levels()) return;
  downsamplers_ = register_module("downsamplers", torch::nn::ModuleList());
  downsamplers_->push_back(nn::Downsample(channels, nn::Downsample::Impl::Padding::kSymmetric));
}

void UNetDownBlockImpl::reset_parameters(const at::Generator& generator) {
  reset_layers(generator);
  if (downsamplers_) downsamplers_->at<nn::DownsampleImpl>(0).reset_parameters(generator);
}

void UNetDownBlockImpl::forward(std::vector<at::Tensor>& skips, const UNetCondition& condition) {
  for (size_t i = 0; i < resnets_->size(); ++i) skips.push_back(run_layer(i, skips.back(), condition));
  if (downsamplers_) skips.push_back(downsamplers_->at<nn::DownsampleImpl>(0).forward(skips.back()));
}

UNetMidBlockImpl::UNetMidBlockImpl(const UNetOptions& options) {
  const int64_t channels = options.block_out_channels.back();
  register_module("attentions", attentions_);
  register_module("resnets", resnets_);
  resnets_->push_back(make_resnet(options, channels, channels));
  attentions_->push_back(make_transformer(options, options.levels() - 1));
  resnets_->push_back(make_resnet(options, channels, channels));
}

void UNetMidBlockImpl::reset_parameters(const at::Generator& generator) {
  resnets_->at<nn::ResnetBlockImpl>(0).reset_parameters(generator);
  attentions_->at<SpatialTransformerImpl>(0).reset_parameters(generator);
  resnets_->at<nn::ResnetBlockImpl>(1).reset_parameters(generator);
}

at::Tensor UNetMidBlockImpl::forward(const at::Tensor& input, const UNetCondition& condition) {
  const at::Tensor first = resnets_->at<nn::ResnetBlockImpl>(0).forward(input, condition.time);
  const at::Tensor mixed = attentions_->at<SpatialTransformerImpl>(0).forward(first, condition.text);
  return resnets_->at<nn::ResnetBlockImpl>(1).forward(mixed, condition.time);
}

UNetUpBlockImpl::UNetUpBlockImpl(const UNetOptions& options, size_t level) {
  const std::vector<int64_t>& widths = options.block_out_channels;
  const int64_t channels = widths[level];
  for (int64_t i = 0; i <= options.layers_per_block; ++i) {
    const int64_t skip = i == options.layers_per_block ? widths[level == 0 ? 0 : level - 1] : channels;
    const int64_t below = i == 0 ? widths[std::min(level + 1, options.levels() - 1)] : channels;
    add_layer(options, level, below + skip);
  }
  if (level == 0) return;
  upsamplers_ = register_module("upsamplers", torch::nn::ModuleList());
  upsamplers_->push_back(nn::Upsample(channels));
}

void UNetUpBlockImpl::reset_parameters(const at::Generator& generator) {
  reset_layers(generator);
  if (upsamplers_) upsamplers_->at<nn::UpsampleImpl>(0).reset_parameters(generator);
}

at::Tensor UNetUpBlockImpl::forward_layer(size_t index,
                                          const at::Tensor& input,
                                          const at::Tensor& skip,
                                          const UNetCondition& condition) {
  return run_layer(index, nn::join_channels(input, skip), condition);
}

at::Tensor UNetUpBlockImpl::upsample(const at::Tensor& input, const at::Tensor& next) {
  return upsamplers_->at<nn::UpsampleImpl>(0).forward_to(input, nn::map_height(next), nn::map_width(next));
}

}  // namespace fmri2img::models
