#include <ATen/ATen.h>

#include "fmri2img/core/check.h"
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

/// Winograd's algorithm where there is a kernel of it, else the direct one.
dnnl::convolution_forward::primitive_desc choose_kernel(
    const memory::desc& source, const memory::desc& target, const at::Tensor& weight, int64_t stride, int64_t padding) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  dnnl::convolution_forward::primitive_desc kernel;
  for (const auto algorithm : {dnnl::algorithm::convolution_winograd, dnnl::algorithm::convolution_direct}) {
    const dnnl::convolution_forward::desc operation(dnnl::prop_kind::forward_inference,
                                                    algorithm,
                                                    source,
                                                    describe(weight.sizes().vec(), Tag::any),
                                                    describe({weight.size(0)}, Tag::x),
                                                    target,
                                                    {stride, stride},
                                                    {padding, padding},
                                                    {padding, padding});
    kernel = {operation, attributes, onednn::engine(), /*allow_empty=*/true};
    if (kernel) break;
  }
  FMRI2IMG_ASSERT(kernel);
  return kernel;
}

memory pack(const at::Tensor& weight, const memory::desc& packed_desc) {
  memory plain = wrap(describe(weight.sizes().vec(), Tag::oihw), weight);
  memory packed(packed_desc, onednn::engine());
  onednn::reorder(plain, packed);
  return packed;
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

BlockedConv2d::BlockedConv2d(const at::Tensor& weight, const at::Tensor& bias, int64_t stride, int64_t padding)
    : channels_(weight.size(0)), stride_(stride), padding_(padding) {
  const int64_t rows = to_whole_blocks(channels_) - channels_;
  const int64_t columns = to_whole_blocks(weight.size(1)) - weight.size(1);
  weight_ = weight.contiguous();
  bias_ = bias.defined() ? bias : at::zeros({channels_});
  if (rows > 0 || columns > 0) weight_ = at::constant_pad_nd(weight_, {0, 0, 0, 0, 0, columns, 0, rows});
  if (rows > 0) bias_ = at::constant_pad_nd(bias_, {0, rows});
}

BlockedConv2d::~BlockedConv2d() = default;

void BlockedConv2d::prepare(const at::Tensor& input) {
  const int64_t pictures = input.size(0), channels = weight_.size(0), in_channels = weight_.size(1);
  const auto reduced = [&](int64_t side) { return (side + 2 * padding_ - weight_.size(2)) / stride_ + 1; };
  const int64_t height = reduced(input.size(2)), width = reduced(input.size(3));
  auto chosen = choose_kernel(describe({pictures, in_channels, input.size(2), input.size(3)}, Tag::nChw16c),
                              describe({pictures, channels, height, width}, Tag::nChw16c),
                              weight_,
                              stride_,
                              padding_);
  memory packed = pack(weight_, chosen.weights_desc());
  kernel_ = std::make_unique<Kernel>(Kernel{input.sizes().vec(),
                                            {pictures, channels / kBlock, height, width, kBlock},
                                            chosen,
                                            dnnl::convolution_forward(chosen),
                                            std::move(packed)});
}

at::Tensor BlockedConv2d::forward(const at::Tensor& map) {
  const at::Tensor input = to_blocked(map);
  if (!kernel_ || input.sizes() != at::IntArrayRef(kernel_->input_sizes)) prepare(input);
  const auto& description = kernel_->description;
  const at::Tensor output = at::empty(kernel_->output_sizes, input.options());
  const at::Tensor scratch = at::empty({static_cast<int64_t>(description.scratchpad_desc().get_size())}, at::kByte);
  kernel_->primitive.execute(onednn::stream(),
                             {{DNNL_ARG_SRC, wrap(description.src_desc(), input)},
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

BlockedConv2d::BlockedConv2d(const at::Tensor&, const at::Tensor&, int64_t, int64_t)
    : channels_(0), stride_(1), padding_(0) {
  fail(ErrorKind::kFailed, "blocked kernels: this program was built without oneDNN 2.x");
}

BlockedConv2d::~BlockedConv2d() = default;

at::Tensor BlockedConv2d::forward(const at::Tensor& map) {
  return map;
}

#endif

}  // namespace fmri2img::nn
