#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <vector>

#include "fmri2img/training/zoo/pictures/captioned_pictures.h"

namespace fmri2img::training {

inline constexpr const char* kContactSheet = "contact_sheet.png";
inline constexpr int64_t kOnContactSheet = 24;

/// Writes contact_sheet.png into `folder`: each picture of the batch above what a model made of it or of its caption,
/// the first 24.
///
/// Shape: made, uint8 [side, side, 3] each, as many as the batch has or the first 24 of them.
void write_contact_sheet(const std::filesystem::path& folder,
                         const CaptionedBatch& batch,
                         const std::vector<at::Tensor>& made);

}  // namespace fmri2img::training
