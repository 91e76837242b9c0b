#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/pimpl.h>

#include "fmri2img/models/autoencoder_kl/options.h"

namespace fmri2img::models {

/// Residual block, self-attention, residual block: `attentions.0` (where there is one), `resnets.{0,1}`.
/// Source: diffusers' UNetMidBlock2D with one layer.
class MidBlockImpl : public torch::nn::Module {
 public:
  explicit MidBlockImpl(const HalfOptions& options);
  void reset_parameters(const at::Generator& generator);
  at::Tensor forward(const at::Tensor& input);

  torch::nn::ModuleList attentions;
  torch::nn::ModuleList resnets;
};
TORCH_MODULE(MidBlock);

}  // namespace fmri2img::models
