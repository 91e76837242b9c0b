#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace fmri2img::nn {

enum class Activation {
  kGelu,       ///< x Phi(x), exact
  kQuickGelu,  ///< x sigmoid(1.702 x), of OpenAI's CLIP
};

/// "gelu" or "quick_gelu", as `hidden_act` in the config.json of transformers. Throws Error; `where` names the source.
Activation parse_activation(const std::string& name, const std::string& where);

at::Tensor activate(const at::Tensor& input, Activation activation);

}  // namespace fmri2img::nn
