#include <ATen/ATen.h>

#include "fmri2img/core/check.h"
#include "fmri2img/nn/blocked.h"

#ifdef FMRI2IMG_HAS_DNNL
#include <dnnl.hpp>  // Debian's: LibTorch's own copy comes later on the include path and exports no symbols
#endif

namespace fmri2img::nn {

#ifdef FMRI2IMG_HAS_DNNL
namespace {

using dnnl::memory;
using Tag = memory::format_tag;

const dnnl::engine& cpu_engine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

dnnl::stream& cpu_stream() {
  static dnnl::stream stream(cpu_engine());
  return stream;
}

memory::desc describe(const std::vector<int64_t>& shape, Tag tag) {
  return {shape, memory::data_type::f32, tag};
}

memory wrap(const memory::desc& desc, const at::Tensor& values) {
  return {desc, cpu_engine(), const_cast<void*>(values.const_data_ptr())};
}

Tag map_tag(int64_t channels) {
  return channels % kBlock == 0 ? Tag::nChw16c : Tag::nchw;
}

}  // namespace

struct BlockedConv2d::Kernel {
  std::vector<int64_t> input_sizes;
  std::vector<int64_t> output_sizes;
  dnnl::convolution_forward::primitive_desc description;
  dnnl::convolution_forward primitive;
  memory packed_weight;
};

bool has_blocked_kernels() {
  static const bool available =
      dnnl::get_effective_cpu_isa() >= dnnl::cpu_isa::avx512_core && dnnl::version()->major == 2;
  return available;
}

BlockedConv2d::BlockedConv2d(at::Tensor weight, at::Tensor bias, int64_t stride, int64_t padding)
    : weight_(weight.contiguous()), bias_(std::move(bias)), stride_(stride), padding_(padding) {
  if (!bias_.defined()) bias_ = at::zeros({weight_.size(0)});
}

BlockedConv2d::~BlockedConv2d() = default;

void BlockedConv2d::prepare(const at::Tensor& input) {
  const bool blocked = is_blocked(input);
  const int64_t height = input.size(2), width = input.size(3);
  const int64_t out_channels = weight_.size(0), in_channels = weight_.size(1), size = weight_.size(2);
  const auto reduced = [&](int64_t side) { return (side + 2 * padding_ - size) / stride_ + 1; };
  const std::vector<int64_t> out = {input.size(0), out_channels, reduced(height), reduced(width)};
  const auto source = describe({input.size(0), in_channels, height, width}, blocked ? Tag::nChw16c : Tag::nchw);
  const auto target = describe(out, map_tag(out_channels));
  const auto any_weight = describe({out_channels, in_channels, size, size}, Tag::any);
  const auto bias = describe({out_channels}, Tag::x);
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  const auto make = [&](dnnl::algorithm algorithm) {
    const dnnl::convolution_forward::desc operation(dnnl::prop_kind::forward_inference,
                                                    algorithm,
                                                    source,
                                                    any_weight,
                                                    bias,
                                                    target,
                                                    {stride_, stride_},
                                                    {padding_, padding_},
                                                    {padding_, padding_});
    return dnnl::convolution_forward::primitive_desc(operation, attributes, cpu_engine(), /*allow_empty=*/true);
  };
  auto description = make(dnnl::algorithm::convolution_winograd);
  if (!description) description = make(dnnl::algorithm::convolution_direct);
  FMRI2IMG_ASSERT(description);
  memory packed(description.weights_desc(), cpu_engine());
  dnnl::reorder(wrap(describe(weight_.sizes().vec(), Tag::oihw), weight_), packed)
      .execute(cpu_stream(), wrap(describe(weight_.sizes().vec(), Tag::oihw), weight_), packed);
  cpu_stream().wait();
  std::vector<int64_t> output_sizes = out;
  if (out_channels % kBlock == 0) output_sizes = {out[0], out_channels / kBlock, out[2], out[3], kBlock};
  kernel_ = std::make_unique<Kernel>(Kernel{
      input.sizes().vec(), output_sizes, description, dnnl::convolution_forward(description), std::move(packed)});
}

at::Tensor BlockedConv2d::forward(const at::Tensor& map) {
  const bool plain = !is_blocked(map) && map.size(1) % kBlock == 0;
  const at::Tensor input = plain ? to_blocked(map) : map.contiguous();
  if (!kernel_ || input.sizes() != at::IntArrayRef(kernel_->input_sizes)) prepare(input);
  const auto& description = kernel_->description;
  at::Tensor output = at::empty(kernel_->output_sizes, input.options());
  const at::Tensor scratch = at::empty({static_cast<int64_t>(description.scratchpad_desc().get_size())}, at::kByte);
  kernel_->primitive.execute(cpu_stream(),
                             {{DNNL_ARG_SRC, wrap(description.src_desc(), input)},
                              {DNNL_ARG_WEIGHTS, kernel_->packed_weight},
                              {DNNL_ARG_BIAS, wrap(description.bias_desc(), bias_)},
                              {DNNL_ARG_DST, wrap(description.dst_desc(), output)},
                              {DNNL_ARG_SCRATCHPAD, wrap(description.scratchpad_desc(), scratch)}});
  cpu_stream().wait();
  return output;
}

#else

struct BlockedConv2d::Kernel {};

bool has_blocked_kernels() {
  return false;
}

BlockedConv2d::BlockedConv2d(at::Tensor, at::Tensor, int64_t, int64_t) {
  FMRI2IMG_ASSERT(has_blocked_kernels());
}

BlockedConv2d::~BlockedConv2d() = default;

at::Tensor BlockedConv2d::forward(const at::Tensor&) {
  FMRI2IMG_ASSERT(has_blocked_kernels());
}

#endif

}  // namespace fmri2img::nn
