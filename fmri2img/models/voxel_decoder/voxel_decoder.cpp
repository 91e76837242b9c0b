#include "fmri2img/models/voxel_decoder/voxel_decoder.h"

#include <ATen/ATen.h>

#include "fmri2img/core/check.h"
#include "fmri2img/nn/init.h"

namespace fmri2img::models {
namespace {

constexpr double kFirstDropout = 0.5;
constexpr double kBlockDropout = 0.3;

/// LibTorch's dropout takes no generator. Source: ATen/native/Dropout.cpp. What is kept is drawn on the generator's
/// device, so that a training on a GPU drops what the processor's would.
at::Tensor drop_out(const at::Tensor& input, double probability, const at::Generator& generator) {
  const at::Tensor kept = at::empty_like(input, input.options().device(generator.device()))
                              .bernoulli_(1 - probability, generator)
                              .div_(1 - probability);
  return input * kept.to(input.device());
}

VoxelDecoderOptions checked(const VoxelDecoderOptions& options) {
  options.check();
  return options;
}

}  // namespace

DenseBlockImpl::DenseBlockImpl(int64_t in_features, int64_t out_features, double dropout)
    : linear(nn::LinearOptions{.in_features = in_features, .out_features = out_features, .bias = false}),
      norm(nn::LayerNormOptions{.width = out_features}),
      dropout_(dropout) {
  register_module("0", linear);
  register_module("1", norm);
}

at::Tensor DenseBlockImpl::forward(const at::Tensor& input, std::optional<at::Generator> dropout) {
  const at::Tensor hidden = at::silu(norm(linear(input)));
  return dropout ? drop_out(hidden, dropout_, *dropout) : hidden;
}

VoxelDecoderImpl::VoxelDecoderImpl(const VoxelDecoderOptions& options)
    : lin0(checked(options).num_inputs, options.width, kFirstDropout),
      lin1(nn::LinearOptions{.in_features = options.width,
                             .out_features = options.channels[0] * options.start_height() * options.start_width(),
                             .bias = false}),
      norm(nn::GroupNormOptions{.groups = 1, .channels = options.channels[0]}),
      upsampler(HalfOptions{.in_channels = options.channels[0],
                            .out_channels = options.latent.channels,
                            .block_out_channels = options.channels,
                            .layers_per_block = 1}),
      options_(options) {
  register_module("lin0", lin0);
  register_module("mlp", mlp);
  for (int64_t i = 0; i < options.blocks; ++i) mlp->push_back(DenseBlock(options.width, options.width, kBlockDropout));
  register_module("lin1", lin1);
  register_module("norm", norm);
  register_module("upsampler", upsampler);
}

void VoxelDecoderImpl::reset_parameters(const at::Generator& generator,
                                        const std::vector<int64_t>& columns,
                                        int64_t num_vertices) {
  FMRI2IMG_ASSERT(static_cast<int64_t>(columns.size()) == options_.num_inputs);
  const at::NoGradGuard no_grad;
  at::Tensor whole = at::empty({options_.width, num_vertices});
  nn::reset_layer_(whole, {}, generator);
  lin0->linear->weight.copy_(whole.index_select(1, at::tensor(columns, at::kLong)));
  lin0->norm->reset_parameters();
  for (const auto& block : *mlp) {
    block->as<DenseBlock>()->linear->reset_parameters(generator);
    block->as<DenseBlock>()->norm->reset_parameters();
  }
  lin1->reset_parameters(generator);
  norm->reset_parameters();
  for (const auto& block : *mlp) nn::xavier_uniform_(block->as<DenseBlock>()->linear->weight, generator);
  nn::xavier_uniform_(lin1->weight, generator);
  upsampler->reset_parameters(generator);
}

at::Tensor VoxelDecoderImpl::forward(const at::Tensor& responses, const std::optional<at::Generator>& dropout) {
  at::Tensor hidden = lin0->forward(responses, dropout);
  for (const auto& block : *mlp) hidden = block->as<DenseBlock>()->forward(hidden, dropout) + hidden;
  const at::Tensor start =
      lin1(hidden).reshape({hidden.size(0), options_.channels[0], options_.start_height(), options_.start_width()});
  const at::Tensor latents = upsampler(norm(start).contiguous(at::MemoryFormat::ChannelsLast));
  return latents.narrow(2, 0, options_.latent.height).narrow(3, 0, options_.latent.width);
}

}  // namespace fmri2img::models
