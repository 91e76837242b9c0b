#include "fmri2img/io/scalar_type.h"

#include <algorithm>
#include <limits>

namespace fmri2img::io {

std::string scalar_type_name(at::ScalarType type) {
  switch (type) {
    case at::kBool:
      return "bool";
    case at::kChar:
      return "int8";
    case at::kShort:
      return "int16";
    case at::kInt:
      return "int32";
    case at::kLong:
      return "int64";
    case at::kByte:
      return "uint8";
    case at::kUInt16:
      return "uint16";
    case at::kUInt32:
      return "uint32";
    case at::kUInt64:
      return "uint64";
    case at::kHalf:
      return "float16";
    case at::kBFloat16:
      return "bfloat16";
    case at::kFloat:
      return "float32";
    case at::kDouble:
      return "float64";
    case at::kComplexHalf:
      return "complex32";
    case at::kComplexFloat:
      return "complex64";
    case at::kComplexDouble:
      return "complex128";
    default:
      return c10::toString(type);
  }
}

std::optional<int64_t> element_count(const std::vector<int64_t>& shape) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max() / 16;  // 16: the largest element
  int64_t spanned = 1;
  int64_t count = 1;
  for (const int64_t size : shape) {
    if (size < 0 || std::max<int64_t>(size, 1) > kMost / spanned) return std::nullopt;
    spanned *= std::max<int64_t>(size, 1);
    count *= size;
  }
  return count;
}

std::optional<int64_t> array_bytes(const std::vector<int64_t>& shape, at::ScalarType type) {
  const std::optional<int64_t> count = element_count(shape);
  if (!count) return std::nullopt;
  return *count * static_cast<int64_t>(c10::elementSize(type));
}

void swap_byte_order(std::span<std::byte> data, at::ScalarType type) {
  const size_t size = c10::elementSize(type) / (c10::isComplexType(type) ? 2 : 1);
  if (size < 2) return;
  for (size_t start = 0; start + size <= data.size(); start += size) {
    std::reverse(data.begin() + static_cast<std::ptrdiff_t>(start),
                 data.begin() + static_cast<std::ptrdiff_t>(start + size));
  }
}

}  // namespace fmri2img::io
