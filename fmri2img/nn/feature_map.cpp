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

at::Tensor add_channels(const at::Tensor& map, const at::Tensor& channels) {
  if (!is_blocked(map)) return map + channels.to(map.scalar_type()).unsqueeze(-1).unsqueeze(-1);
  return map + channels.to(map.scalar_type()).unflatten(1, {-1, 1, 1, kBlock});
}

at::Tensor add_maps(const at::Tensor& first, const at::Tensor& second) {
  if (is_blocked(first) == is_blocked(second)) return first + second;
  return to_blocked(first) + to_blocked(second);
}

at::Tensor to_plain_float(const at::Tensor& map) {
  return to_plain(map).to(at::kFloat).contiguous();
}

}  // namespace fmri2img::nn
