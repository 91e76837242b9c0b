#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/pimpl.h>

#include <optional>

#include "fmri2img/models/autoencoder_kl/decoder.h"
#include "fmri2img/models/voxel_decoder/options.h"
#include "fmri2img/nn/group_norm.h"
#include "fmri2img/nn/layer_norm.h"
#include "fmri2img/nn/linear.h"

namespace fmri2img::models {

/// Linear without bias, LayerNorm, SiLU, dropout: `0.weight`, `1.weight`, `1.bias`, as in a PyTorch Sequential.
class DenseBlockImpl : public torch::nn::Module {
 public:
  DenseBlockImpl(int64_t in_features, int64_t out_features, double dropout);

  /// Shape: [B, in] -> [B, out]. Drops out with numbers from `dropout`, not at all without it.
  at::Tensor forward(const at::Tensor& input, std::optional<at::Generator> dropout);

  nn::Linear linear;
  nn::LayerNorm norm;

 private:
  double dropout_;
};
TORCH_MODULE(DenseBlock);

/// Responses -> latents: the original's low-level decoder.
///
/// lin0 (Linear, LayerNorm, SiLU, dropout .5) -> residual blocks `mlp.N` (the same, dropout .3; x = block(x) + x) ->
/// `lin1` -> [channels[0], h / 4, w / 4] -> `norm` (one group) -> `upsampler`, the decoder half of an autoencoder.
/// At 39,548 inputs it has 138,188,228 parameters in 106 tensors; names and order are those of the original's files.
///
/// Source: Koios1143/Machine-Learning-Final, src/Models.py, Voxel2StableDiffusionModel. Differs: masked vertices are no
/// inputs instead of zeros (the same function); sizes are options.
class VoxelDecoderImpl : public torch::nn::Module {
 public:
  explicit VoxelDecoderImpl(const VoxelDecoderOptions& options);

  /// Draws the weights of the original for the same seed. Its order: constructors up to `lin1`, then Xavier-uniform
  /// over the linears of `mlp` and over `lin1` (its helper skips lin0, a Sequential), then the upsampler's constructor.
  ///
  /// `columns` are this decoder's vertices among the `num_vertices` of the subject: lin0 is drawn for all of them and
  /// the columns are gathered, so that a ROI set starts from the weights that the masked original starts from.
  /// REQUIRES: as many columns as inputs.
  void reset_parameters(const at::Generator& generator, const std::vector<int64_t>& columns, int64_t num_vertices);

  /// Shape: responses [B, num_inputs] -> latents [B, C, h, w].
  /// Dropout: the numbers that PyTorch's dropout draws from a generator in the same state; none without `dropout`.
  at::Tensor forward(const at::Tensor& responses, const std::optional<at::Generator>& dropout = {});

  const VoxelDecoderOptions& options() const { return options_; }

  DenseBlock lin0;
  torch::nn::ModuleList mlp;
  nn::Linear lin1;
  nn::GroupNorm norm;
  Decoder upsampler;

 private:
  VoxelDecoderOptions options_;
};
TORCH_MODULE(VoxelDecoder);

}  // namespace fmri2img::models
