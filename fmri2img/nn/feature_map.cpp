#include "fmri2img/nn/feature_map.h"

#include <ATen/ATen.h>

#include "fmri2img/nn/blocked.h"

namespace fmri2img::nn {

int64_t map_height(const at::Tensor& map) {
  return map.size(2);
}

int64_t map_width(const at::Tensor& map) {
  return map.size(3);
}

at::Tensor join_channels(const at::Tensor& first, const at::Tensor& second) {
  if (is_blocked(first) == is_blocked(second)) return at::cat({first, second}, 1);
  return at::cat({to_plain(first), to_plain(second)}, 1);
}

at::Tensor map_to_tokens(const at::Tensor& map, at::ScalarType dtype) {
  return is_blocked(map) ? blocked_to_tokens(map, dtype) : map.flatten(2).transpose(1, 2).to(dtype);
}

at::Tensor add_tokens(const at::Tensor& map, const at::Tensor& tokens) {
  if (is_blocked(map)) return add_tokens_to_blocked(map, tokens);
  return map + tokens.to(map.scalar_type()).transpose(1, 2).reshape(map.sizes());
}

at::Tensor add_channels(at::Tensor map, const at::Tensor& channels) {
  const at::Tensor values = channels.to(map.scalar_type());
  const at::Tensor shaped =
      is_blocked(map) ? values.unflatten(1, {-1, 1, 1, kBlock}) : values.unsqueeze(-1).unsqueeze(-1);
  return at::GradMode::is_enabled() ? map + shaped : map.add_(shaped);
}

at::Tensor add_map(at::Tensor map, const at::Tensor& other) {
  const at::Tensor same = is_blocked(map) == is_blocked(other) ? other
                          : is_blocked(map)                    ? to_blocked(other)
                                                               : to_plain(other);
  return at::GradMode::is_enabled() ? map + same : map.add_(same);
}

at::Tensor to_plain_float(const at::Tensor& map) {
  return to_plain(map).to(at::kFloat).contiguous();
}

}  // namespace fmri2img::nn
