#include "fmri2img/nn/activation.h"

#include <ATen/ATen.h>

#include "fmri2img/core/check.h"

namespace fmri2img::nn {

Activation parse_activation(const std::string& name, const std::string& where) {
  if (name == "gelu") return Activation::kGelu;
  if (name == "quick_gelu") return Activation::kQuickGelu;
  fail(
      ErrorKind::kBadInput, "{}: activation \"{}\" is not supported; expected \"gelu\" or \"quick_gelu\"", where, name);
}

at::Tensor activate(const at::Tensor& input, Activation activation) {
  if (activation == Activation::kGelu) return at::gelu(input);
  return input * at::sigmoid(1.702 * input);
}

}  // namespace fmri2img::nn
