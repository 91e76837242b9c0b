#pragma once

#include <c10/core/ScalarType.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fmri2img::io {

/// NumPy's name of an element type: "float32", "bool", "complex64"; "bfloat16" where NumPy has none.
std::string scalar_type_name(at::ScalarType type);

/// The product of `shape`, or nothing where it is negative or so large that an array of it could not be addressed.
/// Dimensions of size 0 count as 1 for that check, so that strides can be computed too.
std::optional<int64_t> element_count(const std::vector<int64_t>& shape);

/// As `element_count`, times the size of an element.
std::optional<int64_t> array_bytes(const std::vector<int64_t>& shape, at::ScalarType type);

/// Reverses the bytes of every number in place; the halves of a complex number are reversed each on its own.
void swap_byte_order(std::span<std::byte> data, at::ScalarType type);

}  // namespace fmri2img::io
