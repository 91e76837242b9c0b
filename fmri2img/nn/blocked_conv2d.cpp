#include <ATen/ATen.h>

#include <algorithm>

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

constexpr int64_t kFewestWinogradPositions =
    int64_t{32} * 32;  // of a map that Winograd's algorithm is used on: its weights take four times the memory
constexpr int64_t kFewWinogradChannels = 256;  // or where so few of them take no memory to speak of
constexpr int64_t kMostPositions = 1 << 16;    // of a band of a large map
constexpr int64_t kWinogradTile = 4;

struct ConvolutionShape {
  std::vector<int64_t> input, output, weight;  // [N, C, H, W], [N, D, H', W'], [D, C, k, k]
  int64_t stride;
  int64_t padding_above, padding_beside;
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
                                                  {shape.padding_above, shape.padding_beside},
                                                  {shape.padding_above, shape.padding_beside});
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
std::shared_ptr<onednn::LastingMemory> pack_weight(const at::Tensor& weight,
                                                   const std::vector<int64_t>& shape,
                                                   const memory::desc& packed_desc) {
  at::Tensor whole = weight.to(at::kFloat).contiguous();
  const int64_t rows = shape[0] - weight.size(0), columns = shape[1] - weight.size(1);
  if (rows > 0 || columns > 0) whole = at::constant_pad_nd(whole, {0, 0, 0, 0, 0, columns, 0, rows});
  memory plain = wrap(describe(shape, Tag::oihw), whole);
  auto packed = std::make_shared<onednn::LastingMemory>(packed_desc);
  onednn::reorder(plain, packed->view);
  forget_mapped_pages(weight.const_data_ptr(), weight.nbytes());
  return packed;
}

}  // namespace

struct BlockedConv2d::Kernel {
  std::vector<int64_t> input_sizes;
  std::vector<int64_t> output_sizes;
  int64_t padding_above;
  dnnl::convolution_forward::primitive_desc description;
  dnnl::convolution_forward primitive;
  std::shared_ptr<onednn::LastingMemory> packed_weight;
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

void BlockedConv2d::prepare(const at::Tensor& input, int64_t padding_above) {
  const int64_t side = weight_.size(2), channels = to_whole_blocks(channels_);
  const auto reduced = [&](int64_t length, int64_t padding) {
    return (length + 2 * padding - side) / options_.stride + 1;
  };
  const ConvolutionShape shape{.input = {input.size(0), input.size(1) * kBlock, input.size(2), input.size(3)},
                               .output = {input.size(0),
                                          channels,
                                          reduced(input.size(2), padding_above),
                                          reduced(input.size(3), options_.padding)},
                               .weight = {channels, to_whole_blocks(weight_.size(1)), side, side},
                               .stride = options_.stride,
                               .padding_above = padding_above,
                               .padding_beside = options_.padding};
  auto chosen = choose_kernel(shape, options_.mixed);
  const memory::desc order = chosen.weights_desc();
  // Another batch size as a rule keeps the order of the weights.
  const bool fits = kernel_ && kernel_->packed_weight->view.get_desc() == order;
  auto packed = fits ? kernel_->packed_weight : pack_weight(weight_, shape.weight, order);
  kernel_ =
      std::make_unique<Kernel>(Kernel{input.sizes().vec(),
                                      {shape.output[0], channels / kBlock, shape.output[2], shape.output[3], kBlock},
                                      padding_above,
                                      chosen,
                                      dnnl::convolution_forward(chosen),
                                      std::move(packed),
                                      chosen.src_desc().data_type() == memory::data_type::bf16});
}

/// Winograd's algorithm needs working memory of nine times the map. A large map goes through it band by band, each with
/// the rows above and below that the kernel's window reaches.
at::Tensor BlockedConv2d::convolve_bands(const at::Tensor& input) {
  const int64_t height = input.size(2), width = input.size(3), halo = options_.padding;
  const int64_t rows = std::max<int64_t>(kWinogradTile, kMostPositions / width / kWinogradTile * kWinogradTile);
  at::Tensor output =
      at::empty({input.size(0), to_whole_blocks(channels_) / kBlock, height, width, kBlock}, input.options());
  for (int64_t first = 0; first < height; first += rows) {
    const int64_t count = std::min(rows, height - first);
    const int64_t begin = std::max<int64_t>(0, first - halo), end = std::min(height, first + count + halo);
    at::Tensor band = input.narrow(2, begin, end - begin);
    const int64_t above = begin - (first - halo), below = first + count + halo - end;
    band = above + below > 0 ? at::constant_pad_nd(band, {0, 0, 0, 0, above, below}) : band.contiguous();
    output.narrow(2, first, count).copy_(convolve(band, /*padding_above=*/0));
  }
  return output;
}

at::Tensor BlockedConv2d::forward(const at::Tensor& map) {
  const at::Tensor input = to_blocked(map.to(at::kFloat));
  const bool keeps_size = options_.stride == 1 && 2 * options_.padding + 1 == weight_.size(2);
  const bool bands = keeps_size && options_.padding > 0 && input.size(2) * input.size(3) > 2 * kMostPositions;
  const at::Tensor output = bands ? convolve_bands(input) : convolve(input, options_.padding);
  return channels_ % kBlock == 0 ? output : to_plain(output).narrow(1, 0, channels_).contiguous();
}

at::Tensor BlockedConv2d::convolve(const at::Tensor& input, int64_t padding_above) {
  if (!kernel_ || input.sizes() != at::IntArrayRef(kernel_->input_sizes) || padding_above != kernel_->padding_above)
    prepare(input, padding_above);
  const auto& description = kernel_->description;
  const at::Tensor source = kernel_->rounds_input ? input.to(at::kBFloat16) : input;
  at::Tensor output = at::empty(kernel_->output_sizes, input.options());
  const memory scratch(
      description.scratchpad_desc(), onednn::engine(), onednn::scratch(description.scratchpad_desc().get_size()));
  kernel_->primitive.execute(onednn::stream(),
                             {{DNNL_ARG_SRC, wrap(description.src_desc(), source)},
                              {DNNL_ARG_WEIGHTS, kernel_->packed_weight->view},
                              {DNNL_ARG_BIAS, wrap(description.bias_desc(), bias_)},
                              {DNNL_ARG_DST, wrap(description.dst_desc(), output)},
                              {DNNL_ARG_SCRATCHPAD, scratch}});
  onednn::stream().wait();
  return output;
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
