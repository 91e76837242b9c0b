#pragma once

#include <ATen/ATen.h>

#include <filesystem>

#include "fmri2img/core/random.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/io/image.h"
#include "tests/support/reference_data.h"

namespace fmri2img::commands {

inline std::string model(const std::string& name) {
  return testing::test_data("models/" + name).string();
}

/// uint8 [H, W, 3] -> float [1, 3, H, W] in [0, 1].
inline at::Tensor as_input(const at::Tensor& pixels) {
  return pixels.permute({2, 0, 1}).unsqueeze(0).to(at::kFloat).div(255);
}

inline at::Tensor random_pixels(int64_t height, int64_t width) {
  at::Generator generator = make_generator(5);
  return at::randint(0, 256, {height, width, 3}, generator, at::kByte);
}

}  // namespace fmri2img::commands
