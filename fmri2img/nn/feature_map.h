#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace fmri2img::nn {

/// What models do to feature maps between layers, whatever order the layers keep them in: [N, C, H, W], or blocks of 16
/// channels where `prepare_for_inference` chose them (`blocked.h`).

int64_t map_height(const at::Tensor& map);
int64_t map_width(const at::Tensor& map);

/// The channels of `first`, then those of `second`.
at::Tensor join_channels(const at::Tensor& first, const at::Tensor& second);

/// One token for each position, in `dtype`. Shape: [N, C, H, W] -> [N, H W, C].
at::Tensor map_to_tokens(const at::Tensor& map, at::ScalarType dtype);

/// `map` plus the map that the tokens are. Shape: map [N, C, H, W], tokens [N, H W, C] -> the map's.
at::Tensor add_tokens(const at::Tensor& map, const at::Tensor& tokens);

/// `map` plus one number for each channel; in the memory of `map`, which the caller gives up, where no gradient is
/// asked for. Shape: channels [N, C] or [1, C].
at::Tensor add_channels(at::Tensor map, const at::Tensor& channels);

/// The sum of two maps of one shape; in the memory of `map`, likewise.
at::Tensor add_map(at::Tensor map, const at::Tensor& other);

/// [N, C, H, W], contiguous, float32: what a model hands out.
at::Tensor to_plain_float(const at::Tensor& map);

}  // namespace fmri2img::nn
