#include "fmri2img/nn/differentiable_conv2d.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <vector>

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

constexpr int64_t kFewestPositions = 64;  // of Winograd's maps: below, transforming tiles costs more than it saves
const dnnl::memory::dims kOne = {1, 1};

/// One convolution's kernels and memory layouts: maps in blocks of 16 channels, weights as the kernel likes them.
struct ConvolutionKernels {
  dnnl::memory::desc source, weight, bias, target;
  dnnl::memory::dims padding;
  dnnl::algorithm algorithm;

  /// Shapes [N, C, H, W] and [D, C, k, k] with 16 dividing C and D.
  ConvolutionKernels(const std::vector<int64_t>& input, const std::vector<int64_t>& kernel)
      : source(onednn::describe(input, onednn::Tag::nChw16c)),
        weight(onednn::describe(kernel, onednn::Tag::any)),
        bias(onednn::describe({kernel[0]}, onednn::Tag::x)),
        target(onednn::describe({input[0], kernel[0], input[2], input[3]}, onednn::Tag::nChw16c)),
        padding{kernel[2] / 2, kernel[3] / 2},
        algorithm(kernel[2] == 3 ? dnnl::algorithm::convolution_winograd : dnnl::algorithm::convolution_direct) {}

  /// Empty where there is no such kernel. Creating one anew costs microseconds: oneDNN keeps what it compiled.
  dnnl::convolution_forward::primitive_desc forward() const {
    return {{dnnl::prop_kind::forward_training, algorithm, source, weight, bias, target, kOne, padding, padding},
            onednn::engine(),
            /*allow_empty=*/true};
  }
  dnnl::convolution_backward_data::primitive_desc to_source() const {
    return {{algorithm, source, weight, target, kOne, padding, padding},
            onednn::engine(),
            forward(),
            /*allow_empty=*/true};
  }
  dnnl::convolution_backward_weights::primitive_desc to_weight() const {
    return {{algorithm, source, weight, bias, target, kOne, padding, padding},
            onednn::engine(),
            forward(),
            /*allow_empty=*/true};
  }
};

dnnl::memory packed_weight(const at::Tensor& weight, const dnnl::memory::desc& layout) {
  dnnl::memory packed(layout, onednn::engine());
  onednn::reorder(onednn::wrap(onednn::describe(weight.sizes().vec(), onednn::Tag::oihw), weight), packed);
  return packed;
}

std::vector<int64_t> plain_shape(const at::Tensor& blocked) {
  return {blocked.size(0), blocked.size(1) * kBlock, blocked.size(2), blocked.size(3)};
}

/// From blocked float32 maps to blocked float32 maps.
class BlockedConvolution : public torch::autograd::Function<BlockedConvolution> {
 public:
  static at::Tensor forward(AutogradContext* context,
                            const at::Tensor& source,
                            const at::Tensor& weight,
                            const at::Tensor& bias) {
    const ConvolutionKernels kernels(plain_shape(source), weight.sizes().vec());
    const auto kernel = kernels.forward();
    const at::Tensor plain_weight = weight.contiguous();
    at::Tensor target =
        at::empty({source.size(0), weight.size(0) / kBlock, source.size(2), source.size(3), kBlock}, source.options());
    dnnl::convolution_forward(kernel).execute(onednn::stream(),
                                              {{DNNL_ARG_SRC, onednn::wrap(kernels.source, source)},
                                               {DNNL_ARG_WEIGHTS, packed_weight(plain_weight, kernel.weights_desc())},
                                               {DNNL_ARG_BIAS, onednn::wrap(kernels.bias, bias)},
                                               {DNNL_ARG_DST, onednn::wrap(kernels.target, target)}});
    onednn::stream().wait();
    context->save_for_backward({source, weight});
    return target;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &source = saved[0], &weight = saved[1];
    const ConvolutionKernels kernels(plain_shape(source), weight.sizes().vec());
    const at::Tensor target = gradients[0].contiguous();
    const auto [to_weight, to_bias] = weight_gradients(kernels, source, weight, target);
    const at::Tensor to_source =
        context->needs_input_grad(0) ? source_gradient(kernels, source, weight, target) : at::Tensor();
    return {to_source, to_weight, to_bias};
  }

 private:
  static at::Tensor source_gradient(const ConvolutionKernels& kernels,
                                    const at::Tensor& source,
                                    const at::Tensor& weight,
                                    const at::Tensor& target) {
    const auto kernel = kernels.to_source();
    at::Tensor gradient = at::empty_like(source), plain_weight = weight.contiguous();
    dnnl::convolution_backward_data(kernel).execute(
        onednn::stream(),
        {{DNNL_ARG_DIFF_DST, onednn::wrap(kernels.target, target)},
         {DNNL_ARG_WEIGHTS, packed_weight(plain_weight, kernel.weights_desc())},
         {DNNL_ARG_DIFF_SRC, onednn::wrap(kernels.source, gradient)}});
    onednn::stream().wait();
    return gradient;
  }

  static std::pair<at::Tensor, at::Tensor> weight_gradients(const ConvolutionKernels& kernels,
                                                            const at::Tensor& source,
                                                            const at::Tensor& weight,
                                                            const at::Tensor& target) {
    const auto kernel = kernels.to_weight();
    dnnl::memory packed(kernel.diff_weights_desc(), onednn::engine());
    const at::Tensor gradient = at::empty(weight.sizes(), weight.options());
    const at::Tensor bias_gradient = at::empty({weight.size(0)}, weight.options());
    dnnl::convolution_backward_weights(kernel).execute(
        onednn::stream(),
        {{DNNL_ARG_SRC, onednn::wrap(kernels.source, source)},
         {DNNL_ARG_DIFF_DST, onednn::wrap(kernels.target, target)},
         {DNNL_ARG_DIFF_WEIGHTS, packed},
         {DNNL_ARG_DIFF_BIAS, onednn::wrap(kernels.bias, bias_gradient)}});
    onednn::reorder(packed, onednn::wrap(onednn::describe(weight.sizes().vec(), onednn::Tag::oihw), gradient));
    return {gradient, bias_gradient};
  }
};

/// Half-precision maps are widened: these kernels beat those of bfloat16.
bool is_short_float(at::ScalarType type) {
  return type == at::kFloat || type == at::kBFloat16;
}

bool has_kernels(const at::Tensor& input, const at::Tensor& weight) {
  const int64_t width = to_whole_blocks(weight.size(1));
  const ConvolutionKernels kernels({input.size(0), width, input.size(2), input.size(3)},
                                   {to_whole_blocks(weight.size(0)), width, weight.size(2), weight.size(3)});
  return kernels.forward() && kernels.to_source() && kernels.to_weight();
}

/// Zeros up to whole blocks, of the first dimension and, where there are more, of the second.
at::Tensor filled_up(const at::Tensor& weight) {
  const int64_t rows = to_whole_blocks(weight.size(0)) - weight.size(0);
  if (weight.dim() == 1) return rows == 0 ? weight : at::constant_pad_nd(weight, {0, rows});
  const int64_t columns = to_whole_blocks(weight.size(1)) - weight.size(1);
  return rows + columns == 0 ? weight : at::constant_pad_nd(weight, {0, 0, 0, 0, 0, columns, 0, rows});
}

}  // namespace

bool suits_differentiable_conv2d(const at::Tensor& input, const at::Tensor& weight, int64_t stride, int64_t padding) {
  const int64_t side = weight.size(2);
  const bool fits =
      side == weight.size(3) && stride == 1 && ((side == 3 && padding == 1) || (side == 1 && padding == 0));
  return fits && has_blocked_kernels() && input.is_cpu() && is_short_float(input.scalar_type()) &&
         weight.scalar_type() == at::kFloat && std::max(weight.size(0), weight.size(1)) >= kBlock &&
         (side == 1 || input.size(2) * input.size(3) >= kFewestPositions) && has_kernels(input, weight);
}

at::Tensor differentiable_conv2d(const at::Tensor& input, const at::Tensor& weight, const at::Tensor& bias) {
  const int64_t channels = weight.size(0);
  const at::Tensor all_biases = bias.defined() ? bias : at::zeros({channels}, weight.options());
  const at::Tensor output =
      BlockedConvolution::apply(to_blocked(input.to(at::kFloat)), filled_up(weight), filled_up(all_biases));
  return channels % kBlock == 0 ? output : to_plain(output).narrow(1, 0, channels);
}

#else

bool suits_differentiable_conv2d(const at::Tensor&, const at::Tensor&, int64_t, int64_t) {
  return false;
}

at::Tensor differentiable_conv2d(const at::Tensor&, const at::Tensor&, const at::Tensor&) {
  fail(ErrorKind::kFailed, "convolution of blocked maps: this program was built without oneDNN 2.x");
}

#endif

}  // namespace fmri2img::nn
