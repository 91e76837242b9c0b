#include "fmri2img/nn/blocked.h"

#include <ATen/ATen.h>

namespace fmri2img::nn {

at::Tensor to_blocked(const at::Tensor& map) {
  if (is_blocked(map)) return map.contiguous();
  const int64_t missing = to_whole_blocks(map.size(1)) - map.size(1);
  const at::Tensor whole = missing == 0 ? map : at::constant_pad_nd(map, {0, 0, 0, 0, 0, missing});
  return whole.unflatten(1, {-1, kBlock}).permute({0, 1, 3, 4, 2}).contiguous();
}

at::Tensor to_plain(const at::Tensor& map) {
  return is_blocked(map) ? map.permute({0, 1, 4, 2, 3}).flatten(1, 2).contiguous() : map;
}

at::Tensor to_channels_last(const at::Tensor& map) {
  return is_blocked(map) ? map.permute({0, 2, 3, 1, 4}).flatten(3).permute({0, 3, 1, 2}) : map;
}

at::Tensor blocked_to_tokens(const at::Tensor& map, at::ScalarType dtype) {
  at::Tensor tokens =
      at::empty({map.size(0), map.size(2), map.size(3), map.size(1), kBlock}, map.options().dtype(dtype));
  tokens.copy_(map.permute({0, 2, 3, 1, 4}));
  return tokens.flatten(3, 4).flatten(1, 2);
}

at::Tensor add_tokens_to_blocked(const at::Tensor& map, const at::Tensor& tokens) {
  const at::Tensor positions = tokens.view({map.size(0), map.size(2), map.size(3), map.size(1), kBlock});
  return map + positions.permute({0, 3, 1, 2, 4});
}

at::Tensor upsample_blocked(const at::Tensor& map) {
  const int64_t height = map.size(2), width = map.size(3);
  // One block is a picture of 16 channels, the last one fastest.
  const at::Tensor pictures = map.flatten(0, 1).permute({0, 3, 1, 2});
  const at::Tensor large = at::upsample_nearest2d(pictures, {height * 2, width * 2});
  return large.permute({0, 2, 3, 1}).contiguous().unflatten(0, {map.size(0), map.size(1)});
}

}  // namespace fmri2img::nn
