#pragma once

#include <memory>

#include "fmri2img/training/zoo/pictures/captioned_pictures.h"

namespace fmri2img::training {

/// Pictures to learn from, and others to see what was learned. Both read from `all`, which outlives them.
struct HeldOutPictures {
  std::unique_ptr<CaptionedPictures> learned;
  std::unique_ptr<CaptionedPictures> validation;
};

/// Every tenth picture of `all`, or every so many that there are 500, is for validation. Throws Error if there are
/// fewer than 20.
HeldOutPictures hold_out_pictures(const CaptionedPictures& all);

}  // namespace fmri2img::training
