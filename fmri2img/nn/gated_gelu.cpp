#include "fmri2img/nn/gated_gelu.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include "fmri2img/nn/avx512.h"
#include "fmri2img/nn/token_vectors.h"

namespace fmri2img::nn {

#ifdef FMRI2IMG_HAS_AVX512_KERNELS
namespace {

/// x Phi(x).
FMRI2IMG_AVX512_INLINE __m512 gelu_ps(__m512 x) {
  const __m512 one = _mm512_set1_ps(1.0F);
  const __m512 z = _mm512_abs_ps(_mm512_mul_ps(x, _mm512_set1_ps(0.70710678F)));
  const __m512 t = _mm512_div_ps(one, _mm512_fmadd_ps(z, _mm512_set1_ps(0.3275911F), one));
  __m512 sum = _mm512_set1_ps(1.061405429F);
  sum = _mm512_fmadd_ps(sum, t, _mm512_set1_ps(-1.453152027F));
  sum = _mm512_fmadd_ps(sum, t, _mm512_set1_ps(1.421413741F));
  sum = _mm512_fmadd_ps(sum, t, _mm512_set1_ps(-0.284496736F));
  sum = _mm512_fmadd_ps(sum, t, _mm512_set1_ps(0.254829592F));
  const __m512 tail = _mm512_mul_ps(
      _mm512_mul_ps(sum, t), exp2_ps(_mm512_mul_ps(_mm512_mul_ps(z, z), _mm512_set1_ps(-1.44269504F))));
  // Phi = 1 - tail / 2 where x is positive, tail / 2 where it is not.
  const __m512 half = _mm512_mul_ps(tail, _mm512_set1_ps(0.5F));
  const __mmask16 positive = _mm512_cmp_ps_mask(x, _mm512_setzero_ps(), _CMP_GT_OQ);
  return _mm512_mul_ps(x, _mm512_mask_sub_ps(half, positive, one, half));
}

template <class Value> FMRI2IMG_AVX512 void gate_token(const Value* from, Value* to, int64_t width) {
  for (int64_t i = 0; i < width; i += kTokenLanes) {
    const __mmask16 mask = lanes_left(width - i);
    const __m512 product = _mm512_mul_ps(load_lanes(from + i, mask), gelu_ps(load_lanes(from + width + i, mask)));
    store_lanes(to + i, mask, product);
  }
}

template <class Value> at::Tensor gate_tokens(const at::Tensor& tokens) {
  const at::Tensor input = tokens.contiguous();
  std::vector<int64_t> sizes = input.sizes().vec();
  sizes.back() /= 2;
  at::Tensor output = at::empty(sizes, input.options());
  const int64_t width = sizes.back();
  const Value* from = input.const_data_ptr<Value>();
  Value* to = output.mutable_data_ptr<Value>();
  at::parallel_for(0, output.numel() / width, 16, [&](int64_t begin, int64_t end) {
    for (int64_t token = begin; token < end; ++token) gate_token(from + 2 * token * width, to + token * width, width);
  });
  return output;
}

}  // namespace

at::Tensor gated_gelu(const at::Tensor& tokens) {
  if (suits_token_kernels(tokens) && tokens.numel() > 0) {
    return tokens.scalar_type() == at::kFloat ? gate_tokens<float>(tokens) : gate_tokens<at::BFloat16>(tokens);
  }
  const std::vector<at::Tensor> halves = tokens.chunk(2, -1);
  return halves[0] * at::gelu(halves[1]);
}

#else

at::Tensor gated_gelu(const at::Tensor& tokens) {
  const std::vector<at::Tensor> halves = tokens.chunk(2, -1);
  return halves[0] * at::gelu(halves[1]);
}

#endif

}  // namespace fmri2img::nn
