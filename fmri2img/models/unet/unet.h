#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/pimpl.h>

#include <filesystem>

#include "fmri2img/models/model_source.h"
#include "fmri2img/models/unet/blocks.h"
#include "fmri2img/models/unet/options.h"
#include "fmri2img/models/unet/time_embedding.h"
#include "fmri2img/nn/conv2d.h"
#include "fmri2img/nn/group_norm.h"

namespace fmri2img::models {

/// What a shallow evaluation takes from the last full one: the map that enters the last layer.
/// Source: DeepCache, https://arxiv.org/abs/2312.00858, branch 0.
struct DeepFeatures {
  at::Tensor map;  ///< undefined before the first full evaluation
};

/// The network that tells noise from picture, by a text and a noise level.
///
/// Names as in diffusers: `conv_in`, `time_embedding`, `down_blocks.N`, `up_blocks.N`, `mid_block`, `conv_norm_out`,
/// `conv_out`. Source: diffusers.UNet2DConditionModel as Stable Diffusion 1.x and 2.x configure it.
class UNetImpl : public torch::nn::Module {
 public:
  explicit UNetImpl(const UNetOptions& options);

  /// Draws what the constructor of the Python class draws, in its order: the middle before the up blocks.
  void reset_parameters(const at::Generator& generator);

  struct Input {
    at::Tensor sample;      ///< [N, in_channels, h, w]
    at::Tensor time_steps;  ///< [1] or [N]
    at::Tensor text;        ///< [N, T, cross_attention_dim]
    at::Tensor condition;   ///< [1 or N, time_cond_proj_dim] where the network takes it, else undefined
  };

  /// [N, out_channels, h, w] float32. Maps may have any size: where halving leaves a remainder, the way up takes the
  /// sizes of the way down. With `keep`, the features that `forward_shallow` needs are left there.
  at::Tensor forward(const Input& input, DeepFeatures* keep = nullptr);

  /// The last layer alone, on features of an earlier `forward` of the same shape: a tenth of the work, approximate.
  at::Tensor forward_shallow(const Input& input, const DeepFeatures& features);

  const UNetOptions& options() const { return options_; }

 private:
  UNetCondition make_condition(const Input& input);
  at::Tensor finish(const at::Tensor& hidden);

  UNetOptions options_;
  nn::Conv2d conv_in_{nullptr}, conv_out_{nullptr};
  TimeEmbedding time_embedding_{nullptr};
  torch::nn::ModuleList down_blocks_, up_blocks_;
  UNetMidBlock mid_block_{nullptr};
  nn::GroupNorm conv_norm_out_{nullptr};
};
TORCH_MODULE(UNet);

/// The `config.json` and the weights of a diffusers folder. Throws Error naming file and key.
ModelSource<UNetOptions> read_unet_source(const std::filesystem::path& folder);

/// The network of a diffusers folder (`config.json` and weights), readied for inference in `dtype`: at::kFloat, or
/// at::kBFloat16 / at::kHalf for products and convolutions. Weights stay in the mapped files as long as no layer needs
/// them in another order. Throws Error naming file and key or tensor.
UNet open_unet(const std::filesystem::path& folder, at::ScalarType dtype, at::Device device);

}  // namespace fmri2img::models
