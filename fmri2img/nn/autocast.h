#pragma once

namespace fmri2img::nn {

/// While it lives, this thread's matrix products and convolutions are taken in bfloat16, gradients included;
/// parameters stay as they are. The cached casts of the weights go with it.
class Autocast {
 public:
  explicit Autocast(bool enabled);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  bool enabled_;
};

}  // namespace fmri2img::nn
