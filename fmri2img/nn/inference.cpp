#include "fmri2img/nn/inference.h"

#include <ATen/ATen.h>

#include "fmri2img/core/mapped_file.h"
#include "fmri2img/nn/blocked.h"
#include "fmri2img/nn/conv2d.h"
#include "fmri2img/nn/embedding.h"
#include "fmri2img/nn/linear.h"
#include "fmri2img/nn/packed_linear.h"
#include "fmri2img/nn/patch_embedding.h"

namespace fmri2img::nn {
namespace {

void move_to(at::Tensor& weight, const at::TensorOptions& options) {
  if (weight.defined()) weight.set_data(weight.to(options));
}

/// Packed, where this machine has the kernel; the layer's own weight is given up.
std::shared_ptr<PackedLinear> pack(at::Tensor& weight, const at::Tensor& bias, const InferenceOptions& options) {
  if (!options.device.is_cpu() || !has_packed_linear(options.dtype)) return nullptr;
  auto packed = std::make_shared<PackedLinear>(weight.flatten(1), bias, options.dtype);
  forget_mapped_pages(weight.const_data_ptr(), weight.nbytes());
  weight.set_data(at::empty({0}, weight.options()));
  return packed;
}

void prepare_linear(LinearImpl& linear, const InferenceOptions& options) {
  linear.packed = pack(linear.weight, linear.bias, options);
  if (linear.packed) return;
  const auto target = at::TensorOptions().dtype(options.dtype).device(options.device);
  move_to(linear.weight, target);
  move_to(linear.bias, target);
}

void prepare_conv(Conv2dImpl& conv, const InferenceOptions& options) {
  if (conv.options.tokens_only) conv.packed = pack(conv.weight, conv.bias, options);
  if (conv.packed) return;
  const bool mix = options.fastest_mix && options.dtype == at::kBFloat16 && has_packed_linear(at::kBFloat16);
  if (options.device.is_cpu() && has_blocked_kernels() && (options.dtype == at::kFloat || mix)) {
    conv.blocked = std::make_shared<BlockedConv2d>(
        conv.weight, conv.bias, BlockedConv2d::Options{conv.options.stride, conv.options.padding, /*mixed=*/mix});
    return;
  }
  const auto target = at::TensorOptions().dtype(options.dtype).device(options.device);
  move_to(conv.weight, target);
  move_to(conv.bias, target);
  // The output of a convolution follows the layout of its weight, and so does everything after it.
  conv.weight.set_data(conv.weight.contiguous(at::MemoryFormat::ChannelsLast));
}

}  // namespace

void prepare_for_inference(torch::nn::Module& module, const InferenceOptions& options) {
  for (at::Tensor& parameter : module.parameters()) parameter.requires_grad_(false);
  for (const auto& layer : module.modules()) {
    if (auto* conv = layer->as<Conv2dImpl>()) {
      prepare_conv(*conv, options);
    } else if (auto* linear = layer->as<LinearImpl>()) {
      prepare_linear(*linear, options);
    } else {
      const bool products = layer->as<EmbeddingImpl>() != nullptr || layer->as<PatchEmbeddingImpl>() != nullptr;
      const auto target = at::TensorOptions().dtype(products ? options.dtype : at::kFloat).device(options.device);
      for (at::Tensor& parameter : layer->parameters(/*recurse=*/false)) move_to(parameter, target);
      for (at::Tensor& buffer : layer->buffers(/*recurse=*/false)) buffer.set_data(buffer.to(options.device));
    }
  }
}

}  // namespace fmri2img::nn
