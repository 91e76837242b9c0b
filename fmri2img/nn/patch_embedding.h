#pragma once

#include <ATen/core/Generator.h>
#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>

namespace fmri2img::nn {

struct PatchEmbeddingOptions {
  int64_t channels = 3;
  int64_t width = 0;
  int64_t patch_size = 0;
  bool bias = false;
};

/// One vector for each square patch of a picture: the convolution with a stride of its kernel's size, done as one
/// matrix product. Pixels at the right and the bottom that fill no patch are left out, as by the convolution.
///
/// Parameters as torch.nn.Conv2d: `weight` [width, channels, p, p] and, with a bias, `bias` [width].
/// Their memory is unset until they are drawn or `load_weights`.
class PatchEmbeddingImpl : public torch::nn::Module {
 public:
  explicit PatchEmbeddingImpl(const PatchEmbeddingOptions& options);

  /// Shape: [B, C, H, W] -> [B, (H / p) (W / p), width], row by row.
  at::Tensor forward(const at::Tensor& pictures);

  PatchEmbeddingOptions options;
  at::Tensor weight;
  at::Tensor bias;  ///< undefined without a bias
};
TORCH_MODULE(PatchEmbedding);

}  // namespace fmri2img::nn
