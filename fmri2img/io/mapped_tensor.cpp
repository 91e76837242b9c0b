#include "fmri2img/io/mapped_tensor.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <numeric>

#include "fmri2img/core/check.h"

namespace fmri2img::io {

at::Tensor tensor_over(std::span<const std::byte> bytes,
                       const std::shared_ptr<const void>& owner,
                       at::ScalarType type,
                       const std::vector<int64_t>& shape) {
  const bool aligned = reinterpret_cast<uintptr_t>(bytes.data()) % c10::elementSize(type) == 0;
  if (aligned && type != at::kBool && !bytes.empty()) {
    void* address = const_cast<std::byte*>(bytes.data());
    return at::from_blob(
        address, shape, [owner](void*) {}, at::TensorOptions().dtype(type));
  }
  at::Tensor copy = at::empty(shape, type);
  FMRI2IMG_ASSERT(copy.nbytes() == bytes.size());
  if (bytes.empty()) return copy;
  if (type == at::kBool) {
    std::transform(
        bytes.begin(), bytes.end(), copy.mutable_data_ptr<bool>(), [](std::byte b) { return b != std::byte{0}; });
  } else {
    std::memcpy(copy.mutable_data_ptr(), bytes.data(), bytes.size());
  }
  return copy;
}

at::Tensor column_major_view(const at::Tensor& numbers, const std::vector<int64_t>& shape) {
  std::vector<int64_t> order(shape.size());
  std::iota(order.rbegin(), order.rend(), 0);
  return numbers.reshape(std::vector<int64_t>(shape.rbegin(), shape.rend())).permute(order);
}

}  // namespace fmri2img::io
