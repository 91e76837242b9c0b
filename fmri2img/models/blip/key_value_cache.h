#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

namespace fmri2img::models {

/// What queries of an attention look at. Shape: [rows, heads, positions, width of a head] each.
struct KeysValues {
  at::Tensor keys;
  at::Tensor values;
};

/// Keys and values of the tokens that a decoder has seen, so that each is computed once. One buffer a layer, which
/// doubles when it is full. Not differentiable.
class KeyValueCache {
 public:
  explicit KeyValueCache(int64_t layers);

  /// Tokens that every layer has seen.
  int64_t length() const { return length_; }

  /// Adds those of new tokens to `layer`. Returns all of that layer, the new ones included, as views that the next call
  /// may change.
  KeysValues append(int64_t layer, const KeysValues& added);

  /// Once every layer has seen `tokens` more.
  void advance(int64_t tokens) { length_ += tokens; }

  /// Goes on with these rows: int64 [any number], each in [0, rows), in any order, also repeated.
  void select(const at::Tensor& rows);

 private:
  std::vector<KeysValues> buffers_;
  int64_t length_ = 0;
};

}  // namespace fmri2img::models
