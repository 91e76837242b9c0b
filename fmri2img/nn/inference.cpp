#include "fmri2img/nn/inference.h"

#include <ATen/ATen.h>

#include "fmri2img/nn/blocked.h"
#include "fmri2img/nn/conv2d.h"
#include "fmri2img/nn/embedding.h"
#include "fmri2img/nn/linear.h"

namespace fmri2img::nn {

void prepare_for_inference(torch::nn::Module& module, at::ScalarType dtype) {
  for (at::Tensor& parameter : module.parameters()) parameter.requires_grad_(false);
  for (const auto& layer : module.modules()) {
    if (auto* conv = layer->as<Conv2dImpl>()) {
      if (dtype == at::kFloat && has_blocked_kernels()) {
        conv->blocked =
            std::make_shared<BlockedConv2d>(conv->weight, conv->bias, conv->options.stride, conv->options.padding);
        continue;
      }
      // The output of a convolution follows the layout of its weight, and so does everything after it.
      conv->weight.set_data(conv->weight.to(dtype).contiguous(at::MemoryFormat::ChannelsLast));
      if (conv->bias.defined()) conv->bias.set_data(conv->bias.to(dtype));
    } else if (auto* linear = layer->as<LinearImpl>()) {
      linear->weight.set_data(linear->weight.to(dtype));
      if (linear->bias.defined()) linear->bias.set_data(linear->bias.to(dtype));
    } else if (auto* embedding = layer->as<EmbeddingImpl>()) {
      embedding->weight.set_data(embedding->weight.to(dtype));
    }
  }
}

}  // namespace fmri2img::nn
