#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/pimpl.h>

#include <vector>

#include "fmri2img/models/unet/options.h"

namespace fmri2img::models {

/// What every layer of the network is told beside its feature map.
struct UNetCondition {
  at::Tensor time;  ///< SiLU of the time embedding, [1, E] or [N, E]
  at::Tensor text;  ///< [N, T, D]
};

/// Residual blocks, each with (at some levels) a transformer behind it: `resnets.N`, `attentions.N`.
class UNetLayersImpl : public torch::nn::Module {
 protected:
  /// One more layer. `level` counts from the finest resolution.
  void add_layer(const UNetOptions& options, size_t level, int64_t in_channels);

  at::Tensor run_layer(size_t index, const at::Tensor& input, const UNetCondition& condition);
  void reset_layers(const at::Generator& generator);

  bool cross_attention_ = false;
  torch::nn::ModuleList resnets_, attentions_;
};

/// Layers of one resolution on the way down, then (but for the coarsest) a halving: `downsamplers.0.conv`.
/// Source: diffusers' CrossAttnDownBlock2D and DownBlock2D.
class UNetDownBlockImpl : public UNetLayersImpl {
 public:
  UNetDownBlockImpl(const UNetOptions& options, size_t level);
  void reset_parameters(const at::Generator& generator);

  /// Every output on the way, the last of them the block's own, is appended to `skips`.
  void forward(std::vector<at::Tensor>& skips, const UNetCondition& condition);

 private:
  torch::nn::ModuleList downsamplers_{nullptr};
};
TORCH_MODULE(UNetDownBlock);

/// Residual block, transformer, residual block at the coarsest resolution. Source: diffusers' UNetMidBlock2DCrossAttn.
class UNetMidBlockImpl : public torch::nn::Module {
 public:
  explicit UNetMidBlockImpl(const UNetOptions& options);
  void reset_parameters(const at::Generator& generator);
  at::Tensor forward(const at::Tensor& input, const UNetCondition& condition);

 private:
  torch::nn::ModuleList attentions_, resnets_;
};
TORCH_MODULE(UNetMidBlock);

/// Layers of one resolution on the way up, each beside a map from the way down; then (but for the finest) a doubling:
/// `upsamplers.0.conv`. Source: diffusers' CrossAttnUpBlock2D and UpBlock2D.
class UNetUpBlockImpl : public UNetLayersImpl {
 public:
  UNetUpBlockImpl(const UNetOptions& options, size_t level);
  void reset_parameters(const at::Generator& generator);

  size_t layers() const { return resnets_->size(); }

  /// Layer `index`, with the map that it takes from the way down.
  at::Tensor forward_layer(size_t index,
                           const at::Tensor& input,
                           const at::Tensor& skip,
                           const UNetCondition& condition);

  /// The doubling, to the size of `next`, the map that the next block begins with; the finest block has none.
  at::Tensor upsample(const at::Tensor& input, const at::Tensor& next);

 private:
  torch::nn::ModuleList upsamplers_{nullptr};
};
TORCH_MODULE(UNetUpBlock);

}  // namespace fmri2img::models
