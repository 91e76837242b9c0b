#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "fmri2img/training/zoo/captioned_pictures.h"
#include "fmri2img/training/zoo/lesson.h"

namespace fmri2img::training {

/// The pictures of a share: every picture once before any comes again, in a new order each time, the same for a step
/// wherever a run was cut.
CaptionedBatch read_share(const CaptionedPictures& pictures, const Share& share, uint64_t seed);

/// uint8 0 .. 255 -> float32 -1 .. 1.
at::Tensor to_signed(const at::Tensor& pictures);

/// Calls `use` with all pictures, `batch` at a time.
void for_each_batch(const CaptionedPictures& pictures,
                    int64_t batch,
                    const std::function<void(const CaptionedBatch& batch)>& use);

}  // namespace fmri2img::training
