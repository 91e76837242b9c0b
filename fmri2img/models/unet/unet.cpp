#include "fmri2img/models/unet/unet.h"

#include <ATen/ATen.h>

#include "fmri2img/models/codec_frame.h"
#include "fmri2img/nn/feature_map.h"
#include "fmri2img/nn/inference.h"
#include "fmri2img/nn/load_weights.h"
#include "fmri2img/nn/parameter.h"

namespace fmri2img::models {

UNetImpl::UNetImpl(const UNetOptions& options) : options_(options) {
  const int64_t finest = options.block_out_channels.front();
  conv_in_ = register_module("conv_in", nn::Conv2d(nn::Conv2dOptions{options.in_channels, finest}));
  time_embedding_ =
      register_module("time_embedding", TimeEmbedding(finest, options.time_channels(), options.time_cond_proj_dim));
  register_module("down_blocks", down_blocks_);
  register_module("up_blocks", up_blocks_);
  for (size_t level = 0; level < options.levels(); ++level) down_blocks_->push_back(UNetDownBlock(options, level));
  mid_block_ = register_module("mid_block", UNetMidBlock(options));
  for (size_t level = options.levels(); level-- > 0;) up_blocks_->push_back(UNetUpBlock(options, level));
  conv_norm_out_ = register_module(
      "conv_norm_out", nn::GroupNorm(nn::GroupNormOptions{options.norm_num_groups, finest, options.norm_eps}));
  conv_out_ = register_module("conv_out", nn::Conv2d(nn::Conv2dOptions{finest, options.out_channels}));
}

void UNetImpl::reset_parameters(const at::Generator& generator) {
  conv_in_->reset_parameters(generator);
  time_embedding_->reset_parameters(generator);
  for (const auto& block : *down_blocks_) block->as<UNetDownBlock>()->reset_parameters(generator);
  mid_block_->reset_parameters(generator);
  for (const auto& block : *up_blocks_) block->as<UNetUpBlock>()->reset_parameters(generator);
  conv_norm_out_->reset_parameters();
  conv_out_->reset_parameters(generator);
}

UNetCondition UNetImpl::make_condition(const Input& input) {
  const at::Tensor waves = sinusoids(input.time_steps,
                                     {.channels = options_.block_out_channels.front(),
                                      .cosines_first = options_.flip_sin_to_cos,
                                      .frequency_shift = options_.freq_shift});
  return {.time = at::silu(time_embedding_(waves, input.condition)), .text = input.text};
}

at::Tensor UNetImpl::finish(const at::Tensor& hidden) {
  return nn::to_plain_float(conv_out_(conv_norm_out_->forward_silu(hidden)));
}

at::Tensor UNetImpl::forward(const Input& input, DeepFeatures* keep) {
  const UNetCondition condition = make_condition(input);
  std::vector<at::Tensor> skips = {conv_in_(input.sample)};
  for (const auto& block : *down_blocks_) block->as<UNetDownBlock>()->forward(skips, condition);
  at::Tensor hidden = mid_block_(skips.back(), condition);
  for (size_t i = 0; i < up_blocks_->size(); ++i) {
    auto& block = up_blocks_->at<UNetUpBlockImpl>(i);
    for (size_t layer = 0; layer < block.layers(); ++layer) {
      if (keep != nullptr && skips.size() == 1) keep->map = hidden;
      const at::Tensor skip = std::move(skips.back());
      skips.pop_back();
      hidden = block.forward_layer(layer, hidden, skip, condition);
    }
    if (i + 1 < up_blocks_->size()) hidden = block.upsample(hidden, skips.back());
  }
  return finish(hidden);
}

at::Tensor UNetImpl::forward_shallow(const Input& input, const DeepFeatures& features) {
  auto& block = up_blocks_->at<UNetUpBlockImpl>(up_blocks_->size() - 1);
  const at::Tensor skip = conv_in_(input.sample);
  return finish(block.forward_layer(block.layers() - 1, features.map, skip, make_condition(input)));
}

ModelSource<UNetOptions> read_unet_source(const std::filesystem::path& folder) {
  const std::filesystem::path config = folder / "config.json";
  return {.options = UNetOptions::from_json(read_json(config), fmt::format("\"{}\"", config.string())),
          .weights = read_diffusers_weights(folder)};
}

UNet open_unet(const std::filesystem::path& folder, at::ScalarType dtype, at::Device device) {
  const ModelSource<UNetOptions> source = read_unet_source(folder);
  UNet model = [&] {
    const nn::ParametersWithoutMemory adopted;
    return UNet(source.options);
  }();
  nn::adopt_weights(*model, source.weights, source.rules);
  nn::prepare_for_inference(*model, {.dtype = dtype, .device = device, .fastest_mix = true});
  return model;
}

}  // namespace fmri2img::models
