#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace fmri2img::reconstruction {

/// Pictures in a row, as the original showed a trial. uint8 [H, W, 3] each; an undefined one leaves its place white.
struct StripPictures {
  at::Tensor target;
  at::Tensor chosen;
  std::vector<at::Tensor> candidates;
};

/// White, 552 pixels high and 1144 + 532 K wide for K candidates; pictures of 512 x 512 at y = 20 and x = 20 (target),
/// 552 (chosen) and 1144 + 532 j (candidate j). Pictures of another size are brought to 512 x 512: nearest neighbour,
/// but bilinear with antialiasing where they are larger. uint8 [552, 1144 + 532 K, 3].
at::Tensor draw_strip(const StripPictures& pictures);

}  // namespace fmri2img::reconstruction
