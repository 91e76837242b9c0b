#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

#include <optional>

#include "fmri2img/nn/linear.h"

namespace fmri2img::models {

struct SinusoidOptions {
  int64_t channels = 0;
  bool cosines_first = true;   ///< "flip_sin_to_cos"
  double frequency_shift = 0;  ///< "freq_shift"
  double scale = 1;            ///< of the angles
};

/// Sines and cosines of `values` at frequencies from 1 to 1 / 10,000. Shape: [N] -> [N, channels] float32.
/// Source: get_timestep_embedding, diffusers/models/embeddings.py.
at::Tensor sinusoids(const at::Tensor& values, const SinusoidOptions& options);

/// Tells a network how noisy its input is: `linear_1`, SiLU, `linear_2`; of networks that are told the guidance scale,
/// `cond_proj` too. Source: diffusers' TimestepEmbedding.
class TimeEmbeddingImpl : public torch::nn::Module {
 public:
  TimeEmbeddingImpl(int64_t in_channels, int64_t channels, std::optional<int64_t> condition_channels);
  void reset_parameters(const at::Generator& generator);

  /// Shape: sinusoids [N, in_channels], condition [N, condition_channels] or undefined -> [N, channels].
  at::Tensor forward(const at::Tensor& sinusoids, const at::Tensor& condition);

  nn::Linear cond_proj{nullptr};  ///< null in most networks
  nn::Linear linear_1, linear_2;
};
TORCH_MODULE(TimeEmbedding);

}  // namespace fmri2img::models
