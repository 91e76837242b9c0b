#pragma once

#include <c10/core/DeviceType.h>

namespace fmri2img::nn {

/// While it lives, this thread's matrix products and convolutions on `device` are taken in bfloat16, gradients
/// included; parameters stay as they are. The cached casts of the weights go with it.
class Autocast {
 public:
  explicit Autocast(bool enabled, at::DeviceType device = at::kCPU);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  bool enabled_;
  at::DeviceType device_;
};

}  // namespace fmri2img::nn
