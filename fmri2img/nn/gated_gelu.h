#pragma once

#include <ATen/core/Tensor.h>

namespace fmri2img::nn {

/// The first half of each token times the GELU of the second. Shape: [..., 2 C] -> [..., C]. Differentiable.
/// Source: GEGLU, https://arxiv.org/abs/2002.05202. In inference on CPUs with AVX-512 the error function is the
/// approximation 7.1.26 of Abramowitz and Stegun, off by 1.5e-7 at most.
at::Tensor gated_gelu(const at::Tensor& tokens);

}  // namespace fmri2img::nn
