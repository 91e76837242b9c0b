#include "fmri2img/models/blip/blip.h"

#include <ATen/ATen.h>

namespace fmri2img::models {
namespace {

constexpr double kDeviation = 0.02;

}  // namespace

BlipImpl::BlipImpl(const BlipOptions& options_) : options(options_) {
  vision_model = register_module("vision_model", BlipVisionModel(options.vision));
  text_decoder = register_module("text_decoder", BlipTextDecoder(options.text));
}

void BlipImpl::reset_parameters(at::Generator generator) {
  const at::NoGradGuard no_grad;
  std::map<std::string, at::Tensor> by_name;
  for (const auto& item : named_parameters()) by_name.emplace(item.key(), item.value());
  for (auto& [name, parameter] : by_name) {
    if (name.ends_with("bias")) {
      parameter.zero_();
    } else if (parameter.dim() == 1) {
      parameter.fill_(1);
    } else {
      parameter.normal_(0, kDeviation, generator);
    }
  }
}

at::Tensor BlipImpl::forward(const at::Tensor& pictures, const at::Tensor& ids) {
  return text_decoder(ids, text_decoder->look_at(vision_model(pictures)));
}

at::Tensor caption_loss(const at::Tensor& logits, const at::Tensor& labels, double label_smoothing) {
  const at::Tensor scores = logits.narrow(1, 0, logits.size(1) - 1).flatten(0, 1);
  const at::Tensor words = labels.narrow(1, 1, labels.size(1) - 1).flatten();
  return at::cross_entropy_loss(
      scores, words, /*weight=*/{}, at::Reduction::Mean, /*ignore_index=*/-100, label_smoothing);
}

}  // namespace fmri2img::models
