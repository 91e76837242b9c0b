#include "fmri2img/nn/winograd_conv2d.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include "fmri2img/core/check.h"
#include "fmri2img/nn/blocked.h"

#ifdef FMRI2IMG_HAS_DNNL
#include "fmri2img/nn/onednn.h"
#endif

namespace fmri2img::nn {

#ifdef FMRI2IMG_HAS_DNNL
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kFewestPositions = 64;  // below, transforming the tiles costs more than it saves
const dnnl::memory::dims kOne = {1, 1};

/// Memory layouts of one convolution: maps in blocks of 16 channels, weights as the kernel likes them.
struct ConvolutionLayouts {
  dnnl::memory::desc source, weight, bias, target;

  ConvolutionLayouts(at::IntArrayRef input, at::IntArrayRef kernel)
      : source(onednn::describe(input.vec(), onednn::Tag::nChw16c)),
        weight(onednn::describe(kernel.vec(), onednn::Tag::any)),
        bias(onednn::describe({kernel[0]}, onednn::Tag::x)),
        target(onednn::describe({input[0], kernel[0], input[2], input[3]}, onednn::Tag::nChw16c)) {}

  /// Empty where there is no such kernel. Creating one anew costs microseconds: oneDNN keeps what it compiled.
  dnnl::convolution_forward::primitive_desc forward() const {
    return {{dnnl::prop_kind::forward_training, kWinograd, source, weight, bias, target, kOne, kOne, kOne},
            onednn::engine(),
            /*allow_empty=*/true};
  }
  dnnl::convolution_backward_data::primitive_desc to_source() const {
    return {{kWinograd, source, weight, target, kOne, kOne, kOne}, onednn::engine(), forward(), /*allow_empty=*/true};
  }
  dnnl::convolution_backward_weights::primitive_desc to_weight() const {
    return {
        {kWinograd, source, weight, bias, target, kOne, kOne, kOne}, onednn::engine(), forward(), /*allow_empty=*/true};
  }

  static constexpr dnnl::algorithm kWinograd = dnnl::algorithm::convolution_winograd;
};

at::Tensor blocked_map(const at::Tensor& map) {
  const at::Tensor plain = map.to(at::kFloat).contiguous(at::MemoryFormat::ChannelsLast);
  const at::Tensor blocked =
      at::empty({map.size(0), map.size(1) / kBlock, map.size(2), map.size(3), kBlock}, plain.options());
  const auto shape = map.sizes().vec();
  onednn::reorder(onednn::wrap(onednn::describe(shape, onednn::Tag::nhwc), plain),
                  onednn::wrap(onednn::describe(shape, onednn::Tag::nChw16c), blocked));
  return blocked;
}

at::Tensor plain_map(const at::Tensor& blocked) {
  const std::vector<int64_t> shape = {blocked.size(0), blocked.size(1) * kBlock, blocked.size(2), blocked.size(3)};
  const at::Tensor plain = at::empty(shape, blocked.options(), at::MemoryFormat::ChannelsLast);
  onednn::reorder(onednn::wrap(onednn::describe(shape, onednn::Tag::nChw16c), blocked),
                  onednn::wrap(onednn::describe(shape, onednn::Tag::nhwc), plain));
  return plain;
}

dnnl::memory packed_weight(const at::Tensor& weight, const dnnl::memory::desc& layout) {
  dnnl::memory packed(layout, onednn::engine());
  onednn::reorder(onednn::wrap(onednn::describe(weight.sizes().vec(), onednn::Tag::oihw), weight), packed);
  return packed;
}

at::Tensor blocked_like(const at::Tensor& map, int64_t channels) {
  return at::empty({map.size(0), channels / kBlock, map.size(2), map.size(3), kBlock}, map.options());
}

class WinogradConv2d : public torch::autograd::Function<WinogradConv2d> {
 public:
  static at::Tensor forward(AutogradContext* context,
                            const at::Tensor& input,
                            const at::Tensor& weight,
                            const at::Tensor& bias) {
    const ConvolutionLayouts layouts(input.sizes(), weight.sizes());
    const auto kernel = layouts.forward();
    const at::Tensor source = blocked_map(input), plain_weight = weight.contiguous();
    const at::Tensor target = blocked_like(source, weight.size(0));
    dnnl::convolution_forward(kernel).execute(onednn::stream(),
                                              {{DNNL_ARG_SRC, onednn::wrap(layouts.source, source)},
                                               {DNNL_ARG_WEIGHTS, packed_weight(plain_weight, kernel.weights_desc())},
                                               {DNNL_ARG_BIAS, onednn::wrap(layouts.bias, bias)},
                                               {DNNL_ARG_DST, onednn::wrap(layouts.target, target)}});
    onednn::stream().wait();
    context->save_for_backward({source, weight});
    context->saved_data["input_type"] = static_cast<int64_t>(input.scalar_type());
    return plain_map(target);
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &source = saved[0], &weight = saved[1];
    const ConvolutionLayouts layouts({source.size(0), weight.size(1), source.size(2), source.size(3)}, weight.sizes());
    const at::Tensor target = blocked_map(gradients[0]);
    const auto [to_weight, to_bias] = weight_gradients(layouts, source, weight, target);
    const at::Tensor to_input =
        context->needs_input_grad(0) ? input_gradient(layouts, source, weight, target) : at::Tensor();
    const auto type = static_cast<at::ScalarType>(context->saved_data["input_type"].toInt());
    return {to_input.defined() ? to_input.to(type) : to_input, to_weight, to_bias};
  }

 private:
  static at::Tensor input_gradient(const ConvolutionLayouts& layouts,
                                   const at::Tensor& source,
                                   const at::Tensor& weight,
                                   const at::Tensor& target) {
    const auto kernel = layouts.to_source();
    const at::Tensor gradient = at::empty_like(source), plain_weight = weight.contiguous();
    dnnl::convolution_backward_data(kernel).execute(
        onednn::stream(),
        {{DNNL_ARG_DIFF_DST, onednn::wrap(layouts.target, target)},
         {DNNL_ARG_WEIGHTS, packed_weight(plain_weight, kernel.weights_desc())},
         {DNNL_ARG_DIFF_SRC, onednn::wrap(layouts.source, gradient)}});
    onednn::stream().wait();
    return plain_map(gradient);
  }

  static std::pair<at::Tensor, at::Tensor> weight_gradients(const ConvolutionLayouts& layouts,
                                                            const at::Tensor& source,
                                                            const at::Tensor& weight,
                                                            const at::Tensor& target) {
    const auto kernel = layouts.to_weight();
    dnnl::memory packed(kernel.diff_weights_desc(), onednn::engine());
    const at::Tensor gradient = at::empty(weight.sizes(), weight.options());
    const at::Tensor bias_gradient = at::empty({weight.size(0)}, weight.options());
    dnnl::convolution_backward_weights(kernel).execute(
        onednn::stream(),
        {{DNNL_ARG_SRC, onednn::wrap(layouts.source, source)},
         {DNNL_ARG_DIFF_DST, onednn::wrap(layouts.target, target)},
         {DNNL_ARG_DIFF_WEIGHTS, packed},
         {DNNL_ARG_DIFF_BIAS, onednn::wrap(layouts.bias, bias_gradient)}});
    onednn::reorder(packed, onednn::wrap(onednn::describe(weight.sizes().vec(), onednn::Tag::oihw), gradient));
    return {gradient, bias_gradient};
  }
};

/// Half-precision maps, as mixed precision makes them, are widened: these kernels beat those of bfloat16.
bool is_short_float(at::ScalarType type) {
  return type == at::kFloat || type == at::kBFloat16;
}

/// Whether oneDNN has all three kernels for these shapes.
bool has_kernels(const at::Tensor& input, const at::Tensor& weight) {
  const ConvolutionLayouts layouts(input.sizes(), weight.sizes());
  return layouts.forward() && layouts.to_source() && layouts.to_weight();
}

}  // namespace

bool suits_winograd(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias) {
  return has_blocked_kernels() && input.dim() == 4 && input.is_cpu() && is_short_float(input.scalar_type()) &&
         weight.scalar_type() == at::kFloat && bias.defined() && weight.size(2) == 3 && weight.size(3) == 3 &&
         weight.size(0) % kBlock == 0 && weight.size(1) % kBlock == 0 &&
         input.size(2) * input.size(3) >= kFewestPositions && has_kernels(input, weight);
}

at::Tensor winograd_conv2d(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias) {
  return WinogradConv2d::apply(input, weight, bias);
}

#else

bool suits_winograd(const at::Tensor&, const at::Tensor&, const at::Tensor&) {
  return false;
}

at::Tensor winograd_conv2d(const at::Tensor&, const at::Tensor&, const at::Tensor&) {
  fail(ErrorKind::kFailed, "Winograd's convolution: this program was built without oneDNN 2.x");
}

#endif

}  // namespace fmri2img::nn
