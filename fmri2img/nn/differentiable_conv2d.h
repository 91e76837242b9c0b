#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace fmri2img::nn {

/// True where `differentiable_conv2d` takes these tensors and is worth its while: a float32 kernel of 3 x 3 (padding 1,
/// maps of at least 64 positions) or 1 x 1, of stride 1 and at least 16 channels on one side; a map on a CPU with
/// AVX-512, in float32 or, as mixed precision makes them, bfloat16.
bool suits_differentiable_conv2d(const at::Tensor& input, const at::Tensor& weight, int64_t stride, int64_t padding);

/// Convolution of blocked maps (`blocked.h`) with gradients, as training needs it. A 3 x 3 kernel uses Winograd's
/// F(4x4, 3x3), which runs at 2.5 times the speed of direct kernels forward and back; rounding differs from theirs by
/// about 1e-6 of the largest value. Channels are filled up with zeros to whole blocks.
///
/// Shape: input blocked or [N, C, H, W], weight [D, C, k, k], bias [D] or undefined -> float32, blocked where 16
/// divides D, else [N, D, H, W]. Source: Lavin and Gray, "Fast algorithms for convolutional neural networks" (2016), as
/// oneDNN 2.6 has it. Determinism: bit-identical for the same number of threads.
at::Tensor differentiable_conv2d(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias);

}  // namespace fmri2img::nn
