#pragma once

// Loads and stores of the kernels that go over tokens, in float32 or bfloat16. For files of this folder.
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>

#include "fmri2img/nn/avx512.h"

#ifdef FMRI2IMG_HAS_AVX512_KERNELS

namespace fmri2img::nn {

inline constexpr int64_t kTokenLanes = 16;

/// On a CPU with AVX-512, in a type that the kernels have, and without a gradient to come.
inline bool suits_token_kernels(const at::Tensor& tokens) {
  const bool known = tokens.scalar_type() == at::kFloat || tokens.scalar_type() == at::kBFloat16;
  return known && has_avx512() && tokens.device().is_cpu() && !(at::GradMode::is_enabled() && tokens.requires_grad());
}

/// The lanes that the next `count` numbers fill; none for a `count` below one.
inline __mmask16 lanes_left(int64_t count) {
  if (count <= 0) return 0;
  return static_cast<__mmask16>(count >= kTokenLanes ? 0xFFFF : (1U << count) - 1);
}

FMRI2IMG_AVX512_INLINE __m512 load_lanes(const float* from, __mmask16 mask) {
  return _mm512_maskz_loadu_ps(mask, from);
}

FMRI2IMG_AVX512_INLINE __m512 load_lanes(const at::BFloat16* from, __mmask16 mask) {
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(_mm256_maskz_loadu_epi16(mask, from)), 16));
}

/// All lanes. A store with a full mask is not the same to the compiler: it cost 4 % of a guided step.
FMRI2IMG_AVX512_INLINE void store_lanes(float* to, __m512 values) {
  _mm512_storeu_ps(to, values);
}

FMRI2IMG_AVX512_INLINE void store_lanes(at::BFloat16* to, __m512 values) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), (__m256i)_mm512_cvtneps_pbh(values));
}

/// Those of the mask.
FMRI2IMG_AVX512_INLINE void store_lanes(float* to, __mmask16 mask, __m512 values) {
  _mm512_mask_storeu_ps(to, mask, values);
}

FMRI2IMG_AVX512_INLINE void store_lanes(at::BFloat16* to, __mmask16 mask, __m512 values) {
  _mm256_mask_storeu_epi16(to, mask, (__m256i)_mm512_cvtneps_pbh(values));
}

}  // namespace fmri2img::nn

#endif
