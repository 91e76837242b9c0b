#include "fmri2img/nn/parameter.h"

#include <ATen/ATen.h>

namespace fmri2img::nn {
namespace {

thread_local bool without_memory = false;

}  // namespace

at::Tensor new_parameter(at::IntArrayRef shape) {
  return without_memory ? at::zeros({1}).expand(shape) : at::empty(shape);
}

ParametersWithoutMemory::ParametersWithoutMemory() : before_(without_memory) {
  without_memory = true;
}

ParametersWithoutMemory::~ParametersWithoutMemory() {
  without_memory = before_;
}

}  // namespace fmri2img::nn
