#include "fmri2img/models/blip/key_value_cache.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace fmri2img::models {
namespace {

constexpr int64_t kFirstCapacity = 32;  // a caption, in most cases
constexpr int64_t kPositions = 2;       // the dimension

/// Writes `added` behind the first `length` positions of `buffer`, which grows where it has no room.
at::Tensor append_positions(at::Tensor& buffer, int64_t length, const at::Tensor& added) {
  const int64_t needed = length + added.size(kPositions);
  const int64_t capacity = buffer.defined() ? buffer.size(kPositions) : 0;
  if (needed > capacity) {
    std::vector<int64_t> shape = added.sizes().vec();
    shape[kPositions] = std::max({needed, 2 * capacity, kFirstCapacity});
    const at::Tensor larger = at::empty(shape, added.options());
    if (length > 0) larger.narrow(kPositions, 0, length).copy_(buffer.narrow(kPositions, 0, length));
    buffer = larger;
  }
  buffer.narrow(kPositions, length, added.size(kPositions)).copy_(added);
  return buffer.narrow(kPositions, 0, needed);
}

void select_rows(at::Tensor& buffer, int64_t length, const at::Tensor& rows) {
  const at::Tensor chosen = buffer.narrow(kPositions, 0, length).index_select(0, rows);
  if (rows.size(0) != buffer.size(0)) {
    std::vector<int64_t> shape = buffer.sizes().vec();
    shape[0] = rows.size(0);
    buffer = at::empty(shape, buffer.options());
  }
  buffer.narrow(kPositions, 0, length).copy_(chosen);
}

}  // namespace

KeyValueCache::KeyValueCache(int64_t layers) : buffers_(static_cast<size_t>(layers)) {}

KeysValues KeyValueCache::append(int64_t layer, const KeysValues& added) {
  KeysValues& buffer = buffers_[static_cast<size_t>(layer)];
  return {append_positions(buffer.keys, length_, added.keys), append_positions(buffer.values, length_, added.values)};
}

void KeyValueCache::select(const at::Tensor& rows) {
  for (KeysValues& buffer : buffers_) {
    select_rows(buffer.keys, length_, rows);
    select_rows(buffer.values, length_, rows);
  }
}

}  // namespace fmri2img::models
