#include "fmri2img/nn/gated_gelu.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include "fmri2img/nn/avx512.h"
#include "fmri2img/nn/token_vectors.h"

namespace fmri2img::nn {

#ifdef FMRI2IMG_HAS_AVX512_KERNELS
namespace {

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
