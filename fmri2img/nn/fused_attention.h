#pragma once

#include <ATen/core/Tensor.h>

namespace fmri2img::nn {

/// True where `fused_attention` has a kernel: bfloat16 or float32 tokens of one type on a CPU with AVX-512, no gradient
/// asked for, heads of at most 512 numbers.
bool suits_fused_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int64_t heads);

/// softmax(q k^T / sqrt(d)) v for each head, without the matrix of products in memory.
///
/// Shape: q [B, T, heads d], k and v [B, S, heads d] -> [B, T, heads d], in the type of the input.
/// Products of bfloat16 are summed in float32; the weights are rounded to bfloat16 before they meet `v`.
/// Source: online softmax of Milakov and Gimelshein (2018), blocked as in FlashAttention (Dao et al., 2022).
/// Determinism: bit-identical whatever the number of threads and of neighbours in the batch.
/// REQUIRES: suits_fused_attention.
at::Tensor fused_attention(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v, int64_t heads);

}  // namespace fmri2img::nn
