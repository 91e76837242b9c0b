#pragma once

// For the files of this folder with kernels written for AVX-512. Nothing else includes it.
#if defined(__x86_64__) && defined(__GNUC__)
#define FMRI2IMG_HAS_AVX512_KERNELS

#include <immintrin.h>

// The program itself is compiled for any x86-64; a function with this mark runs only where has_avx512() says so. It is
// given to each function and not to whole files, whose inlined functions of the standard library would end up with it.
#define FMRI2IMG_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,fma")))
#define FMRI2IMG_AVX512_INLINE \
  __attribute__((always_inline, target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,fma"))) inline

namespace fmri2img::nn {

/// AVX-512 with its bfloat16 instructions: Zen 4 and Cooper Lake or later.
inline bool has_avx512() {
  static const bool available = __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") &&
                                __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
  return available;
}

/// 2^x, relative error below 2e-7; zero below -126. Source: a minimax polynomial of degree 6 on [-1/2, 1/2].
FMRI2IMG_AVX512_INLINE __m512 exp2_ps(__m512 x) {
  const __m512 whole = _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  const __m512 part = _mm512_sub_ps(x, whole);
  __m512 sum = _mm512_set1_ps(1.5403530e-4F);
  sum = _mm512_fmadd_ps(sum, part, _mm512_set1_ps(1.3333558e-3F));
  sum = _mm512_fmadd_ps(sum, part, _mm512_set1_ps(9.6181291e-3F));
  sum = _mm512_fmadd_ps(sum, part, _mm512_set1_ps(5.5504109e-2F));
  sum = _mm512_fmadd_ps(sum, part, _mm512_set1_ps(2.4022651e-1F));
  sum = _mm512_fmadd_ps(sum, part, _mm512_set1_ps(6.9314718e-1F));
  sum = _mm512_fmadd_ps(sum, part, _mm512_set1_ps(1.0F));
  return _mm512_scalef_ps(sum, whole);
}

/// x Phi(x). Source: the error function 7.1.26 of Abramowitz and Stegun, off by 1.5e-7 at most.
FMRI2IMG_AVX512_INLINE __m512 gelu_ps(__m512 x) {
  const __m512 one = _mm512_set1_ps(1.0F);
  const __m512 z = _mm512_abs_ps(_mm512_mul_ps(x, _mm512_set1_ps(0.70710678F)));
  const __m512 t = _mm512_div_ps(one, _mm512_fmadd_ps(z, _mm512_set1_ps(0.3275911F), one));
  __m512 sum = _mm512_set1_ps(1.061405429F);
  sum = _mm512_fmadd_ps(sum, t, _mm512_set1_ps(-1.453152027F));
  sum = _mm512_fmadd_ps(sum, t, _mm512_set1_ps(1.421413741F));
  sum = _mm512_fmadd_ps(sum, t, _mm512_set1_ps(-0.284496736F));
  sum = _mm512_fmadd_ps(sum, t, _mm512_set1_ps(0.254829592F));
  const __m512 tail =
      _mm512_mul_ps(_mm512_mul_ps(sum, t), exp2_ps(_mm512_mul_ps(_mm512_mul_ps(z, z), _mm512_set1_ps(-1.44269504F))));
  // Phi = 1 - tail / 2 where x is positive, tail / 2 where it is not.
  const __m512 half = _mm512_mul_ps(tail, _mm512_set1_ps(0.5F));
  const __mmask16 positive = _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_GT_OQ);
  return _mm512_mul_ps(x, _mm512_mask_sub_ps(half, positive, one, half));
}

/// x sigmoid(1.702 x).
FMRI2IMG_AVX512_INLINE __m512 quick_gelu_ps(__m512 x) {
  const __m512 decay =
      exp2_ps(_mm512_min_ps(_mm512_mul_ps(x, _mm512_set1_ps(-1.702F * 1.44269504F)), _mm512_set1_ps(126.0F)));
  return _mm512_div_ps(x, _mm512_add_ps(decay, _mm512_set1_ps(1.0F)));
}

/// 1 / (1 + e^-x).
FMRI2IMG_AVX512_INLINE __m512 sigmoid_ps(__m512 x) {
  const __m512 decay = exp2_ps(_mm512_min_ps(_mm512_mul_ps(x, _mm512_set1_ps(-1.44269504F)), _mm512_set1_ps(126.0F)));
  const __m512 one = _mm512_set1_ps(1.0F);
  return _mm512_div_ps(one, _mm512_add_ps(decay, one));
}

/// x sigmoid(x).
FMRI2IMG_AVX512_INLINE __m512 silu_ps(__m512 x) {
  return _mm512_mul_ps(x, sigmoid_ps(x));
}

/// The derivative of `silu_ps`: sigmoid(x) (1 + x (1 - sigmoid(x))).
FMRI2IMG_AVX512_INLINE __m512 silu_slope_ps(__m512 x) {
  const __m512 one = _mm512_set1_ps(1.0F), part = sigmoid_ps(x);
  return _mm512_mul_ps(part, _mm512_fmadd_ps(x, _mm512_sub_ps(one, part), one));
}

}  // namespace fmri2img::nn

#endif
