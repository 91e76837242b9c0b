#include "fmri2img/diffusion/img2img_options.h"

#include <cmath>

#include "fmri2img/core/check.h"

namespace fmri2img::diffusion {

void check_img2img_options(const Img2ImgOptions& options) {
  FMRI2IMG_CHECK_USAGE(options.steps >= 1, "--steps is {}, expected 1 or more", options.steps);
  FMRI2IMG_CHECK_USAGE(options.strength > 0 && options.strength <= 1,
                       "--strength is {}, expected more than 0 and at most 1",
                       options.strength);
  FMRI2IMG_CHECK_USAGE(std::isfinite(options.guidance), "--guidance is {}, expected a number", options.guidance);
  FMRI2IMG_CHECK_USAGE(options.guidance_until >= 0 && options.guidance_until <= 1,
                       "--guidance-until is {}, expected 0 to 1",
                       options.guidance_until);
  FMRI2IMG_CHECK_USAGE(
      options.reuse_features >= 1, "--reuse-features is {}, expected 1 or more", options.reuse_features);
}

}  // namespace fmri2img::diffusion
