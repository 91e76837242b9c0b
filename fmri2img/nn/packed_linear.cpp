#include "fmri2img/nn/packed_linear.h"

#include <ATen/ATen.h>

#include <map>
#include <vector>

#include "fmri2img/core/check.h"

#ifdef FMRI2IMG_HAS_DNNL
#include "fmri2img/nn/onednn.h"
#endif

namespace fmri2img::nn {

#ifdef FMRI2IMG_HAS_DNNL
namespace {

using dnnl::memory;
using onednn::Tag;

constexpr int64_t kUsualTokens = 256;  // the number that the weights' order is chosen for

memory::data_type type_of(at::ScalarType dtype) {
  return dtype == at::kBFloat16 ? memory::data_type::bf16 : memory::data_type::f32;
}

}  // namespace

struct PackedLinear::Kernel {
  std::unique_ptr<onednn::LastingMemory> packed_weight;
  struct Ready {
    dnnl::matmul::primitive_desc description;
    dnnl::matmul primitive;
  };
  std::map<int64_t, Ready> by_tokens;  // a few: the sizes that a network meets
};

namespace {

dnnl::matmul::primitive_desc describe_product(
    int64_t tokens, int64_t in, int64_t out, at::ScalarType dtype, const memory::desc& weights, bool bias) {
  const memory::data_type type = type_of(dtype);
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  const memory::desc source({tokens, in}, type, Tag::ab), target({tokens, out}, type, Tag::ab);
  const memory::desc biases({1, out}, memory::data_type::f32, Tag::ab);
  return bias ? dnnl::matmul::primitive_desc({source, weights, biases, target}, attributes, onednn::engine())
              : dnnl::matmul::primitive_desc({source, weights, target}, attributes, onednn::engine());
}

}  // namespace

bool has_packed_linear(at::ScalarType dtype) {
  static const bool current = dnnl::version()->major == 2;
  const auto isa = dnnl::get_effective_cpu_isa();
  static const bool floats = current && isa >= dnnl::cpu_isa::avx512_core;
  static const bool bfloats = current && isa >= dnnl::cpu_isa::avx512_core_bf16;
  return (dtype == at::kFloat && floats) || (dtype == at::kBFloat16 && bfloats);
}

PackedLinear::PackedLinear(const at::Tensor& weight, const at::Tensor& bias, at::ScalarType dtype)
    : dtype_(dtype), in_(weight.size(1)), out_(weight.size(0)), kernel_(std::make_unique<Kernel>()) {
  if (bias.defined()) bias_ = bias.detach().to(at::kFloat).contiguous();
  const memory::desc any({in_, out_}, type_of(dtype), Tag::any);
  const auto usual = describe_product(kUsualTokens, in_, out_, dtype, any, bias_.defined());
  const at::Tensor values = weight.detach().to(dtype).contiguous();
  memory plain({{in_, out_}, type_of(dtype), Tag::ba}, onednn::engine(), const_cast<void*>(values.const_data_ptr()));
  kernel_->packed_weight = std::make_unique<onednn::LastingMemory>(usual.weights_desc());
  onednn::reorder(plain, kernel_->packed_weight->view);
}

PackedLinear::~PackedLinear() = default;

at::Tensor PackedLinear::forward(const at::Tensor& input) {
  const at::Tensor rows = input.to(dtype_).contiguous().view({-1, in_});
  const int64_t tokens = rows.size(0);
  auto found = kernel_->by_tokens.find(tokens);
  if (found == kernel_->by_tokens.end()) {
    const auto description =
        describe_product(tokens, in_, out_, dtype_, kernel_->packed_weight->view.get_desc(), bias_.defined());
    found = kernel_->by_tokens.emplace(tokens, Kernel::Ready{description, dnnl::matmul(description)}).first;
  }
  const auto& description = found->second.description;
  std::vector<int64_t> sizes = input.sizes().vec();
  sizes.back() = out_;
  at::Tensor output = at::empty(sizes, rows.options());
  const memory scratch(
      description.scratchpad_desc(), onednn::engine(), onednn::scratch(description.scratchpad_desc().get_size()));
  std::unordered_map<int, memory> arguments = {{DNNL_ARG_SRC, onednn::wrap(description.src_desc(), rows)},
                                               {DNNL_ARG_WEIGHTS, kernel_->packed_weight->view},
                                               {DNNL_ARG_DST, onednn::wrap(description.dst_desc(), output)},
                                               {DNNL_ARG_SCRATCHPAD, scratch}};
  if (bias_.defined()) arguments.emplace(DNNL_ARG_BIAS, onednn::wrap(description.bias_desc(), bias_));
  found->second.primitive.execute(onednn::stream(), arguments);
  onednn::stream().wait();
  return output;
}

#else

struct PackedLinear::Kernel {};

bool has_packed_linear(at::ScalarType) {
  return false;
}

PackedLinear::PackedLinear(const at::Tensor&, const at::Tensor&, at::ScalarType dtype)
    : dtype_(dtype), in_(0), out_(0) {
  fail(ErrorKind::kFailed, "packed linear layers: this program was built without oneDNN 2.x");
}

PackedLinear::~PackedLinear() = default;

at::Tensor PackedLinear::forward(const at::Tensor& input) {
  return input;
}

#endif

}  // namespace fmri2img::nn
