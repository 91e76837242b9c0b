#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "fmri2img/models/image_processor.h"
#include "fmri2img/training/zoo/lessons/lesson.h"
#include "fmri2img/training/zoo/pictures/captioned_pictures.h"

namespace fmri2img::training {

/// The pictures of a share: every picture once before any comes again, in a new order each time, the same for a step
/// wherever a run was cut.
CaptionedBatch read_share(const CaptionedPictures& pictures, const Share& share, uint64_t seed);

/// The numbers of those pictures, of `size`.
std::vector<int64_t> share_rows(int64_t size, const Share& share, uint64_t seed);

/// uint8 0 .. 255 -> float32 -1 .. 1.
at::Tensor to_signed(const at::Tensor& pictures);

/// uint8 0 .. 255 -> float32 as a vision model wants it, whose size the pictures have.
at::Tensor to_normalised(const at::Tensor& pictures, const models::ImageProcessorOptions& processor);

/// Calls `use` with all pictures, `batch` at a time.
void for_each_batch(const CaptionedPictures& pictures,
                    int64_t batch,
                    const std::function<void(const CaptionedBatch& batch)>& use);

}  // namespace fmri2img::training
