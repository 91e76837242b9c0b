#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "fmri2img/core/random.h"

namespace fmri2img::models {

/// A picture of coloured squares, as tools/parity/blip.py draws it: uint8 [height scale, width scale, 3].
inline at::Tensor patchwork(uint64_t seed, int64_t height, int64_t width, int64_t scale) {
  at::Generator generator = make_generator(seed);
  const at::Tensor squares = at::randint(0, 256, {height, width, 3}, generator, at::kByte);
  return squares.repeat_interleave(scale, 0).repeat_interleave(scale, 1);
}

/// The four pictures of saved_captions.json.
inline std::vector<at::Tensor> patchworks() {
  return {patchwork(21, 5, 7, 9), patchwork(22, 6, 4, 13), patchwork(23, 3, 3, 20), patchwork(24, 2, 9, 5)};
}

}  // namespace fmri2img::models
