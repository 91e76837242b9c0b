#include "fmri2img/nn/activation.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include "fmri2img/core/check.h"
#include "fmri2img/nn/avx512.h"
#include "fmri2img/nn/token_vectors.h"

namespace fmri2img::nn {
namespace {

#ifdef FMRI2IMG_HAS_AVX512_KERNELS
constexpr int64_t kNumbersAtOnce = 1 << 14;

template <class Value>
FMRI2IMG_AVX512 void activate_some(const Value* from, Value* to, int64_t count, Activation activation) {
  for (int64_t i = 0; i < count; i += kTokenLanes) {
    const __mmask16 mask = lanes_left(count - i);
    const __m512 x = load_lanes(from + i, mask);
    store_lanes(to + i, mask, activation == Activation::kGelu ? gelu_ps(x) : quick_gelu_ps(x));
  }
}

template <class Value> at::Tensor activate_all(const at::Tensor& input, Activation activation) {
  const at::Tensor from = input.contiguous();
  at::Tensor to = at::empty_like(from);
  at::parallel_for(0, from.numel(), kNumbersAtOnce, [&](int64_t begin, int64_t end) {
    activate_some(from.const_data_ptr<Value>() + begin, to.mutable_data_ptr<Value>() + begin, end - begin, activation);
  });
  return to;
}
#endif

}  // namespace

Activation parse_activation(const std::string& name, const std::string& where) {
  if (name == "gelu") return Activation::kGelu;
  if (name == "quick_gelu") return Activation::kQuickGelu;
  fail(
      ErrorKind::kBadInput, "{}: activation \"{}\" is not supported; expected \"gelu\" or \"quick_gelu\"", where, name);
}

at::Tensor activate(const at::Tensor& input, Activation activation) {
#ifdef FMRI2IMG_HAS_AVX512_KERNELS
  if (suits_token_kernels(input)) {
    return input.scalar_type() == at::kFloat ? activate_all<float>(input, activation)
                                             : activate_all<at::BFloat16>(input, activation);
  }
#endif
  if (activation == Activation::kGelu) return at::gelu(input);
  return input * at::sigmoid(1.702 * input);
}

}  // namespace fmri2img::nn
