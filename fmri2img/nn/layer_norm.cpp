#include "fmri2img/nn/layer_norm.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cmath>

#include "fmri2img/nn/avx512.h"
#include "fmri2img/nn/parameter.h"
#include "fmri2img/nn/token_vectors.h"

namespace fmri2img::nn {
namespace {

#ifdef FMRI2IMG_HAS_AVX512_KERNELS
/// In float32 whatever the type of the token: mean first, then the squares around it.
template <class Value>
FMRI2IMG_AVX512 void normalise_token(
    const Value* from, Value* to, int64_t width, const float* weight, const float* bias, float eps) {
  __m512 sum = _mm512_setzero_ps();
  for (int64_t i = 0; i < width; i += kTokenLanes)
    sum = _mm512_add_ps(sum, load_lanes(from + i, lanes_left(width - i)));
  const __m512 mean = _mm512_set1_ps(_mm512_reduce_add_ps(sum) / static_cast<float>(width));
  __m512 squares = _mm512_setzero_ps();
  for (int64_t i = 0; i < width; i += kTokenLanes) {
    const __mmask16 mask = lanes_left(width - i);
    const __m512 difference = _mm512_maskz_sub_ps(mask, load_lanes(from + i, mask), mean);
    squares = _mm512_fmadd_ps(difference, difference, squares);
  }
  const __m512 factor = _mm512_set1_ps(1 / std::sqrt(_mm512_reduce_add_ps(squares) / static_cast<float>(width) + eps));
  for (int64_t i = 0; i < width; i += kTokenLanes) {
    const __mmask16 mask = lanes_left(width - i);
    const __m512 scaled = _mm512_mul_ps(_mm512_sub_ps(load_lanes(from + i, mask), mean), factor);
    store_lanes(to + i, mask, _mm512_fmadd_ps(scaled, load_lanes(weight + i, mask), load_lanes(bias + i, mask)));
  }
}

template <class Value>
at::Tensor normalise_tokens(const at::Tensor& tokens, const at::Tensor& weight, const at::Tensor& bias, double eps) {
  const at::Tensor input = tokens.contiguous();
  at::Tensor output = at::empty_like(input);
  const int64_t width = input.size(-1);
  const Value* from = input.const_data_ptr<Value>();
  Value* to = output.mutable_data_ptr<Value>();
  at::parallel_for(0, input.numel() / width, 16, [&](int64_t begin, int64_t end) {
    for (int64_t token = begin; token < end; ++token)
      normalise_token(from + token * width,
                      to + token * width,
                      width,
                      weight.const_data_ptr<float>(),
                      bias.const_data_ptr<float>(),
                      static_cast<float>(eps));
  });
  return output;
}
#endif

}  // namespace

LayerNormImpl::LayerNormImpl(const LayerNormOptions& options_) : options(options_) {
  weight = register_parameter("weight", new_parameter({options.width}));
  bias = register_parameter("bias", new_parameter({options.width}));
}

void LayerNormImpl::reset_parameters() {
  const at::NoGradGuard no_grad;
  weight.fill_(1);
  bias.fill_(0);
}

at::Tensor LayerNormImpl::forward(const at::Tensor& input) {
#ifdef FMRI2IMG_HAS_AVX512_KERNELS
  // LibTorch's kernel takes ten times as long in bfloat16.
  if (input.scalar_type() == at::kBFloat16 && weight.scalar_type() == at::kFloat && suits_token_kernels(input) &&
      input.numel() > 0 && !at::GradMode::is_enabled())
    return normalise_tokens<at::BFloat16>(input, weight, bias, options.eps);
#endif
  const auto normalise = [&](const at::Tensor& x) {
    return at::layer_norm(x, {options.width}, weight, bias, options.eps);
  };
  // Only processors have kernels that mix the types.
  if (input.is_cpu() || input.scalar_type() == weight.scalar_type()) return normalise(input);
  return normalise(input.to(weight.scalar_type())).to(input.scalar_type());
}

}  // namespace fmri2img::nn
