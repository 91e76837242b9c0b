#include "fmri2img/models/autoencoder_tiny/autoencoder_tiny.h"

#include <ATen/ATen.h>
#include <torch/nn/modules/container/functional.h>

#include <charconv>

#include "fmri2img/models/config_fields.h"
#include "fmri2img/nn/blocked.h"
#include "fmri2img/nn/conv2d.h"
#include "fmri2img/nn/group_norm.h"
#include "fmri2img/nn/resample.h"

namespace fmri2img::models {
namespace {

constexpr int64_t kPoolWidth = 4;
constexpr int64_t kPoolGroups = 4;

nn::Conv2d conv3x3(int64_t in_channels, int64_t out_channels) {
  return nn::Conv2d(nn::Conv2dOptions{.in_channels = in_channels, .out_channels = out_channels});
}

nn::Conv2d conv1x1(int64_t in_channels, int64_t out_channels) {
  return nn::Conv2d(nn::Conv2dOptions{
      .in_channels = in_channels, .out_channels = out_channels, .kernel_size = 1, .padding = 0, .bias = false});
}

nn::Conv2d without_bias(int64_t channels, int64_t stride) {
  return nn::Conv2d(
      nn::Conv2dOptions{.in_channels = channels, .out_channels = channels, .stride = stride, .bias = false});
}

torch::nn::Functional rectifier() {
  return torch::nn::Functional([](at::Tensor input) { return at::relu(input); });
}

void append_encoder(torch::nn::Sequential& layers, const AutoencoderTinyOptions& options) {
  const int64_t channels = options.encoder_channels;
  const size_t levels = options.num_encoder_blocks.size();
  for (size_t level = 0; level < levels; ++level) {
    layers->push_back(level == 0 ? conv3x3(kColours, channels) : without_bias(channels, 2));
    for (int64_t i = 0; i < options.num_encoder_blocks[level]; ++i)
      layers->push_back(TinyBlock(channels, options.midblock_group_norm && level + 1 == levels));
  }
  layers->push_back(conv3x3(channels, options.latent_channels));
}

void append_decoder(torch::nn::Sequential& layers, const AutoencoderTinyOptions& options) {
  const int64_t channels = options.decoder_channels;
  layers->push_back(conv3x3(options.latent_channels, channels));
  layers->push_back(rectifier());
  for (size_t level = 0; level < options.num_decoder_blocks.size(); ++level) {
    if (level > 0) {
      layers->push_back(torch::nn::Functional(nn::upsample_nearest_2x));
      layers->push_back(without_bias(channels, 1));
    }
    for (int64_t i = 0; i < options.num_decoder_blocks[level]; ++i)
      layers->push_back(TinyBlock(channels, options.midblock_group_norm && level == 0));
  }
  layers->push_back(conv3x3(channels, kColours));
}

}  // namespace

TinyBlockImpl::TinyBlockImpl(int64_t channels, bool group_norm) {
  register_module("conv", conv);
  conv->push_back(conv3x3(channels, channels));
  conv->push_back(rectifier());
  conv->push_back(conv3x3(channels, channels));
  conv->push_back(rectifier());
  conv->push_back(conv3x3(channels, channels));
  if (!group_norm) return;
  const int64_t wide = kPoolWidth * channels;
  pool = register_module("pool", torch::nn::Sequential());
  pool->push_back(conv1x1(channels, wide));
  pool->push_back(nn::GroupNorm(nn::GroupNormOptions{.groups = kPoolGroups, .channels = wide}));
  pool->push_back(rectifier());
  pool->push_back(conv1x1(wide, channels));
}

at::Tensor TinyBlockImpl::forward(const at::Tensor& input) {
  const at::Tensor pooled = pool ? input + pool->forward(input) : input;
  return conv->forward(pooled).add_(pooled).relu_();
}

at::Tensor TinyHalfImpl::forward(const at::Tensor& input) {
  return nn::to_plain(layers->forward(input));
}

AutoencoderTinyImpl::AutoencoderTinyImpl(const AutoencoderTinyOptions& options) {
  register_module("encoder", encoder);
  register_module("decoder", decoder);
  append_encoder(encoder->layers, options);
  append_decoder(decoder->layers, options);
}

at::Tensor AutoencoderTinyImpl::decode(const at::Tensor& latents) {
  return decoder(latents.div(3).tanh().mul(3));
}

io::StateDict join_tiny_halves(const io::StateDict& encoder, const io::StateDict& decoder, const std::string& where) {
  io::StateDict joined;
  for (const auto& [name, tensor] : encoder) joined.emplace("encoder.layers." + name, tensor);
  for (const auto& [name, tensor] : decoder) {
    int64_t layer = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), layer);
    FMRI2IMG_CHECK(error == std::errc{} && layer >= 1,
                   "{}: the decoder has a tensor \"{}\"; expected names such as \"1.weight\", the first layer being 1",
                   where,
                   name);
    joined.emplace("decoder.layers." + std::to_string(layer - 1) + std::string(end, name.data() + name.size()), tensor);
  }
  return joined;
}

}  // namespace fmri2img::models
