#pragma once

#include <ATen/core/Tensor.h>

namespace fmri2img::nn {

/// Memory for a layer's parameter, unset.
at::Tensor new_parameter(at::IntArrayRef shape);

/// While one of these lives, parameters made by its thread have a shape and the memory of one number: for modules that
/// `adopt_weights` is about to give theirs.
class ParametersWithoutMemory {
 public:
  ParametersWithoutMemory();
  ~ParametersWithoutMemory();
  ParametersWithoutMemory(const ParametersWithoutMemory&) = delete;
  ParametersWithoutMemory& operator=(const ParametersWithoutMemory&) = delete;

 private:
  bool before_;
};

}  // namespace fmri2img::nn
