#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace fmri2img::io {

/// A contiguous tensor that looks at `bytes` and keeps `owner` alive; a copy of them where they are not aligned to the
/// type, and of bools (any other byte than 0 and 1 would be undefined behaviour).
/// REQUIRES: `bytes` is exactly as long as shape and type say.
at::Tensor tensor_over(std::span<const std::byte> bytes,
                       const std::shared_ptr<const void>& owner,
                       at::ScalarType type,
                       const std::vector<int64_t>& shape);

/// Numbers that stand with the first index fastest (MATLAB, NIfTI), as a strided view of the given shape.
at::Tensor column_major_view(const at::Tensor& numbers, const std::vector<int64_t>& shape);

}  // namespace fmri2img::io
