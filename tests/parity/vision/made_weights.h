#pragma once

#include <ATen/ATen.h>
#include <zlib.h>

#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include "fmri2img/io/state_dict.h"
#include "fmri2img/models/vision/named_weights.h"

namespace fmri2img::testing {

/// `count` numbers in [0, 1) from a name and the index alone, as `made_values` of tools/parity/vision.py.
inline at::Tensor made_values(const std::string& name, int64_t count) {
  const auto offset =
      static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(name.data()), static_cast<uInt>(name.size())));
  at::Tensor values = at::empty({count}, at::kDouble);
  auto* out = values.mutable_data_ptr<double>();
  for (int64_t i = 0; i < count; ++i) {
    uint32_t x = static_cast<uint32_t>(i + 1) * 2654435761U + offset;
    x ^= x >> 15;
    x *= 2246822519U;
    x ^= x >> 13;
    out[i] = x / 4294967296.0;
  }
  return values;
}

/// As `made_weight` there.
inline at::Tensor made_weight(const std::string& name, const std::vector<int64_t>& shape) {
  const int64_t count = std::accumulate(shape.begin(), shape.end(), int64_t{1}, std::multiplies<>());
  at::Tensor values = made_values(name, count);
  if (!name.starts_with("lin")) {
    if (shape.size() > 1) {
      values = (2 * values - 1) * std::sqrt(6.0 * static_cast<double>(shape[0]) / static_cast<double>(count));
    } else if (name.ends_with("running_mean") || name.ends_with(".bias")) {
      values = 0.2 * (2 * values - 1);
    } else {
      values = 0.5 + values;
    }
  }
  return values.view(shape).to(at::kFloat);
}

/// Made weights for everything that `wanted` asks for.
inline io::StateDict made_weights(const models::NamedWeights& wanted) {
  io::StateDict tensors;
  for (const auto& [name, shape] : wanted.wanted()) tensors.emplace(name, made_weight(name, shape));
  return tensors;
}

/// As `made_pictures` there: float32 [count, 3, side, side] in [0, 1].
inline at::Tensor made_pictures(int64_t count, int64_t side) {
  const at::Tensor pictures = at::empty({count, 3, side, side}, at::kDouble);
  const at::Tensor y = at::arange(side, at::kDouble).view({side, 1});
  const at::Tensor x = at::arange(side, at::kDouble).view({1, side});
  for (int64_t n = 0; n < count; ++n) {
    for (int64_t c = 0; c < 3; ++c) {
      const at::Tensor wave = at::sin(0.11 * static_cast<double>(n + 1) * x + 0.07 * static_cast<double>(c + 2) * y) +
                              at::sin(0.013 * x * static_cast<double>(c + 1) - 0.05 * static_cast<double>(n + 2) * y);
      pictures[n][c].copy_(0.5 + 0.2 * wave);
    }
  }
  const at::Tensor noise = made_values("pictures", pictures.numel()).view(pictures.sizes());
  return (pictures + 0.1 * (noise - 0.5)).to(at::kFloat);
}

}  // namespace fmri2img::testing
