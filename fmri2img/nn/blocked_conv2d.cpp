#include <ATen/ATen.h>

#include "fmri2img/core/check.h"
#include "fmri2img/core/mapped_file.h"
#include "fmri2img/nn/blocked.h"

#ifdef FMRI2IMG_HAS_DNNL
#include "fmri2img/nn/onednn.h"
#endif

namespace fmri2img::nn {

#ifdef FMRI2IMG_HAS_DNNL
namespace {

using dnnl::memory;
using onednn::describe;
using onednn::Tag;
using onednn::wrap;

constexpr int64_t kFewestWinogradPositions = 32 * 32;  // of a map that Winograd's algorithm is used on: its weights take four times the memory
constexpr int64_t kFewWinogradChannels = 256;    // or where so few of them take no memory to speak of

struct ConvolutionShape {
  std::vector<int64_t> input, output, weight;  // [N, C, H, W], [N, D, H', W'], [D, C, k, k]
  int64_t stride, padding;
};

/// Undefined where there is no such kernel.
dnnl::convolution_forward::primitive_desc find_kernel(const ConvolutionShape& shape,
                                                      dnnl::algorithm algorithm,
                                                      memory::data_type type) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  const dnnl::convolution_forward::desc operation(dnnl::prop_kind::forward_inference,
                                                  algorithm,
                                                  {shape.input, type, Tag::nChw16c},
                                                  {shape.weight, type, Tag::any},
                                                  describe({shape.weight[0]}, Tag::x),
                                                  describe(shape.output, Tag::nChw16c),
                                                  {shape.stride, shape.stride},
                                                  {shape.padding, shape.padding},
                                                  {shape.padding, shape.padding});
  return {operation, attributes, onednn::engine(), /*allow_empty=*/true};
}

/// Winograd's algorithm where there is a kernel of it and it is wanted, else the direct one.
dnnl::convolution_forward::primitive_desc choose_kernel(const ConvolutionShape& shape, bool mixed) {
  dnnl::convolution_forward::primitive_desc kernel;
  if (shape.output[2] * shape.output[3] >= kFewestWinogradPositions || shape.weight[1] <= kFewWinogradChannels)
    kernel = find_kernel(shape, dnnl::algorithm::convolution_winograd, memory::data_type::f32);
  const auto type = mixed ? memory::data_type::bf16 : memory::data_type::f32;
  if (!kernel) kernel = find_kernel(shape, dnnl::algorithm::convolution_direct, type);
  FMRI2IMG_ASSERT(kernel);
  return kernel;
}

/// The weight in the kernel's order, filled up with zeros to whole blocks.
memory pack_weight(const at::Tensor& weight, const std::vector<int64_t>& shape, const memory::desc& packed_desc) {
  at::Tensor whole = weight.to(at::kFloat).contiguous();
  const int64_t rows = shape[0] - weight.size(0), columns = shape[1] - weight.size(1);
  if (rows > 0 || columns > 0) whole = at::constant_pad_nd(whole, {0, 0, 0, 0, 0, columns, 0, rows});
  memory plain = wrap(describe(shape, Tag::oihw), whole);
  memory packed(packed_desc, onednn::engine());
  onednn::reorder(plain, packed);
  forget_mapped_pages(weight.const_data_ptr(), weight.nbytes());
  return packed;
}

}  // namespace

struct BlockedConv2d::Kernel {
  std::vector<int64_t> input_sizes;
  std::vector<int64_t> output_sizes;
  dnnl::convolution_forward::primitive_desc description;
  dnnl::convolution_forward primitive;
  memory packed_weight;
  bool rounds_input;
};

bool has_blocked_kernels() {
  static const bool available =
      dnnl::get_effective_cpu_isa() >= dnnl::cpu_isa::avx512_core && dnnl::version()->major == 2;
  return available;
}

BlockedConv2d::BlockedConv2d(const at::Tensor& weight, const at::Tensor& bias, const Options& options)
    : weight_(weight.detach()), channels_(weight.size(0)), options_(options) {
  bias_ = bias.defined() ? bias.detach().to(at::kFloat) : at::zeros({channels_});
  const int64_t missing = to_whole_blocks(channels_) - channels_;
  if (missing > 0) bias_ = at::constant_pad_nd(bias_, {0, missing});
}

BlockedConv2d::~BlockedConv2d() = default;

void BlockedConv2d::prepare(const at::Tensor& input) {
  const int64_t side = weight_.size(2), channels = to_whole_blocks(channels_);
  const auto reduced = [&](int64_t length) { return (length + 2 * options_.padding - side) / options_.stride + 1; };
  const ConvolutionShape shape{
      .input = {input.size(0), input.size(1) * kBlock, input.size(2), input.size(3)},
      .output = {input.size(0), channels, reduced(input.size(2)), reduced(input.size(3))},
      .weight = {channels, to_whole_blocks(weight_.size(1)), side, side},
      .stride = options_.stride,
      .padding = options_.padding};
  auto chosen = choose_kernel(shape, options_.mixed);
  const memory::desc order = chosen.weights_desc();
  // Another batch size as a rule keeps the order of the weights.
  memory packed = kernel_ && kernel_->packed_weight.get_desc() == order ? kernel_->packed_weight
                                                                        : pack_weight(weight_, shape.weight, order);
  kernel_ = std::make_unique<Kernel>(Kernel{input.sizes().vec(),
                                            {shape.output[0], channels / kBlock, shape.output[2], shape.output[3], kBlock},
                                            chosen,
                                            dnnl::convolution_forward(chosen),
                                            std::move(packed),
                                            chosen.src_desc().data_type() == memory::data_type::bf16});
}

at::Tensor BlockedConv2d::forward(const at::Tensor& map) {
  const at::Tensor input = to_blocked(map.to(at::kFloat));
  if (!kernel_ || input.sizes() != at::IntArrayRef(kernel_->input_sizes)) prepare(input);
  const auto& description = kernel_->description;
  const at::Tensor source = kernel_->rounds_input ? input.to(at::kBFloat16) : input;
  const at::Tensor output = at::empty(kernel_->output_sizes, input.options());
  const at::Tensor scratch = onednn::scratch(description.scratchpad_desc().get_size());
  kernel_->primitive.execute(onednn::stream(),
                             {{DNNL_ARG_SRC, wrap(description.src_desc(), source)},
                              {DNNL_ARG_WEIGHTS, kernel_->packed_weight},
                              {DNNL_ARG_BIAS, wrap(description.bias_desc(), bias_)},
                              {DNNL_ARG_DST, wrap(description.dst_desc(), output)},
                              {DNNL_ARG_SCRATCHPAD, wrap(description.scratchpad_desc(), scratch)}});
  onednn::stream().wait();
  return channels_ % kBlock == 0 ? output : to_plain(output).narrow(1, 0, channels_).contiguous();
}

#else

struct BlockedConv2d::Kernel {};

bool has_blocked_kernels() {
  return false;
}

BlockedConv2d::BlockedConv2d(const at::Tensor&, const at::Tensor&, const Options&) : channels_(0) {
  fail(ErrorKind::kFailed, "blocked kernels: this program was built without oneDNN 2.x");
}

BlockedConv2d::~BlockedConv2d() = default;

at::Tensor BlockedConv2d::forward(const at::Tensor& map) {
  return map;
}

#endif

}  // namespace fmri2img::nn
