#include "fmri2img/models/unet/transformer.h"

#include <ATen/ATen.h>

#include "fmri2img/nn/attention.h"
#include "fmri2img/nn/feature_map.h"
#include "fmri2img/nn/gated_gelu.h"

namespace fmri2img::models {
namespace {

constexpr double kTransformerNormEps = 1e-6;
constexpr int64_t kFeedForwardWidth = 4;  // times the channels

}  // namespace

CrossAttentionImpl::CrossAttentionImpl(int64_t channels, int64_t context_channels, int64_t heads) : heads_(heads) {
  const auto plain = [&](int64_t in) {
    return nn::Linear(nn::LinearOptions{.in_features = in, .out_features = channels, .bias = false});
  };
  to_q = register_module("to_q", plain(channels));
  to_k = register_module("to_k", plain(context_channels));
  to_v = register_module("to_v", plain(context_channels));
  register_module("to_out", to_out);
  to_out->push_back(nn::Linear(nn::LinearOptions{channels, channels}));
}

void CrossAttentionImpl::reset_parameters(const at::Generator& generator) {
  to_q->reset_parameters(generator);
  to_k->reset_parameters(generator);
  to_v->reset_parameters(generator);
  to_out->at<nn::LinearImpl>(0).reset_parameters(generator);
}

at::Tensor CrossAttentionImpl::forward(const at::Tensor& tokens, const at::Tensor& context) {
  const at::Tensor mixed = nn::multi_head_attention(to_q(tokens), to_k(context), to_v(context), heads_);
  return to_out->at<nn::LinearImpl>(0).forward(mixed);
}

FeedForwardImpl::FeedForwardImpl(int64_t channels)
    : inner_(nn::LinearOptions{channels, 2 * kFeedForwardWidth * channels}),
      outer_(nn::LinearOptions{kFeedForwardWidth * channels, channels}) {
  // A list as in diffusers: the activation with its layer, dropout, the second layer.
  const auto net = register_module("net", std::make_shared<torch::nn::Module>());
  const auto activation = net->register_module("0", std::make_shared<torch::nn::Module>());
  activation->register_module("proj", inner_);
  net->register_module("2", outer_);
}

void FeedForwardImpl::reset_parameters(const at::Generator& generator) {
  inner_->reset_parameters(generator);
  outer_->reset_parameters(generator);
}

at::Tensor FeedForwardImpl::forward(const at::Tensor& tokens) {
  return outer_(nn::gated_gelu(inner_(tokens)));
}

TransformerBlockImpl::TransformerBlockImpl(int64_t channels, int64_t context_channels, int64_t heads) {
  norm1 = register_module("norm1", nn::LayerNorm(nn::LayerNormOptions{channels}));
  attn1 = register_module("attn1", CrossAttention(channels, channels, heads));
  norm2 = register_module("norm2", nn::LayerNorm(nn::LayerNormOptions{channels}));
  attn2 = register_module("attn2", CrossAttention(channels, context_channels, heads));
  norm3 = register_module("norm3", nn::LayerNorm(nn::LayerNormOptions{channels}));
  ff = register_module("ff", FeedForward(channels));
}

void TransformerBlockImpl::reset_parameters(const at::Generator& generator) {
  norm1->reset_parameters();
  attn1->reset_parameters(generator);
  norm2->reset_parameters();
  attn2->reset_parameters(generator);
  norm3->reset_parameters();
  ff->reset_parameters(generator);
}

at::Tensor TransformerBlockImpl::forward(const at::Tensor& tokens, const at::Tensor& text) {
  const at::Tensor normalised = norm1(tokens);
  at::Tensor hidden = attn1(normalised, normalised) + tokens;
  hidden = attn2(norm2(hidden), text) + hidden;
  return ff(norm3(hidden)) + hidden;
}

at::Tensor SpatialTransformerImpl::Projection::operator()(const at::Tensor& tokens) {
  return linear ? linear(tokens) : conv->forward_tokens(tokens);
}

at::ScalarType SpatialTransformerImpl::Projection::dtype() const {
  return linear ? linear->dtype() : conv->token_dtype();
}

void SpatialTransformerImpl::Projection::reset_parameters(const at::Generator& generator) {
  if (linear) linear->reset_parameters(generator);
  if (conv) conv->reset_parameters(generator);
}

SpatialTransformerImpl::Projection SpatialTransformerImpl::make_projection(const std::string& name,
                                                                           const TransformerOptions& options) {
  const int64_t channels = options.channels;
  if (options.linear_projection)
    return {.linear = register_module(name, nn::Linear(nn::LinearOptions{channels, channels}))};
  const nn::Conv2dOptions pointwise{
      .in_channels = channels, .out_channels = channels, .kernel_size = 1, .padding = 0, .tokens_only = true};
  return {.conv = register_module(name, nn::Conv2d(pointwise))};
}

SpatialTransformerImpl::SpatialTransformerImpl(const TransformerOptions& options)
    : norm_(nn::GroupNormOptions{options.groups, options.channels, kTransformerNormEps}) {
  register_module("norm", norm_);
  proj_in_ = make_projection("proj_in", options);
  register_module("transformer_blocks", transformer_blocks_);
  for (int64_t i = 0; i < options.layers; ++i)
    transformer_blocks_->push_back(TransformerBlock(options.channels, options.context_channels, options.heads));
  proj_out_ = make_projection("proj_out", options);
}

void SpatialTransformerImpl::reset_parameters(const at::Generator& generator) {
  norm_->reset_parameters();
  proj_in_.reset_parameters(generator);
  for (const auto& block : *transformer_blocks_) block->as<TransformerBlock>()->reset_parameters(generator);
  proj_out_.reset_parameters(generator);
}

at::Tensor SpatialTransformerImpl::forward(const at::Tensor& map, const at::Tensor& text) {
  at::Tensor tokens = proj_in_(nn::map_to_tokens(norm_(map), proj_in_.dtype()));
  for (const auto& block : *transformer_blocks_) tokens = block->as<TransformerBlock>()->forward(tokens, text);
  return nn::add_tokens(map, proj_out_(tokens));
}

}  // namespace fmri2img::models
