#include "fmri2img/nn/embedding.h"

#include <ATen/ATen.h>

#include "fmri2img/nn/parameter.h"

namespace fmri2img::nn {

EmbeddingImpl::EmbeddingImpl(const EmbeddingOptions& options_) : options(options_) {
  weight = register_parameter("weight", new_parameter({options.count, options.width}));
}

void EmbeddingImpl::reset_parameters(const at::Generator& generator, double deviation) {
  const at::NoGradGuard no_grad;
  weight.normal_(0, deviation, generator);
}

at::Tensor EmbeddingImpl::forward(const at::Tensor& ids) {
  return at::embedding(weight, ids);
}

}  // namespace fmri2img::nn
