#include "fmri2img/nn/patch_embedding.h"

#include <ATen/ATen.h>

#include "fmri2img/nn/parameter.h"

namespace fmri2img::nn {

PatchEmbeddingImpl::PatchEmbeddingImpl(const PatchEmbeddingOptions& options_) : options(options_) {
  const int64_t p = options.patch_size;
  weight = register_parameter("weight", new_parameter({options.width, options.channels, p, p}));
  if (options.bias) bias = register_parameter("bias", new_parameter({options.width}));
}

at::Tensor PatchEmbeddingImpl::forward(const at::Tensor& pictures) {
  const int64_t p = options.patch_size, rows = pictures.size(2) / p, columns = pictures.size(3) / p;
  const at::Tensor patches = pictures.narrow(2, 0, rows * p)
                                 .narrow(3, 0, columns * p)
                                 .reshape({pictures.size(0), options.channels, rows, p, columns, p})
                                 .permute({0, 2, 4, 1, 3, 5})
                                 .reshape({pictures.size(0), rows * columns, options.channels * p * p});
  return at::linear(patches, weight.flatten(1), bias);
}

}  // namespace fmri2img::nn
