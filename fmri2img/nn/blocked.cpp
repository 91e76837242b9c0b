#include "fmri2img/nn/blocked.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <vector>

namespace fmri2img::nn {
namespace {

constexpr int64_t kPixelsInChunk = 2048;  // 128 KiB: stays in the second-level cache between the passes of a chunk

/// What is known of the values of one channel: their number, mean, and sum of squared differences from it.
struct Moments {
  double count = 0, mean = 0, squares = 0;

  /// Source: Chan, Golub and LeVeque (1979), the pairwise update.
  void add(const Moments& other) {
    const double all = count + other.count;
    const double difference = other.mean - mean;
    squares += other.squares + difference * difference * count * other.count / all;
    mean += difference * other.count / all;
    count = all;
  }
};

/// Adds `pixels` values of each of the 16 channels, shifted by the first so that squares do not cancel.
void add_chunk(const float* values, int64_t pixels, Moments* moments) {
  float sums[kBlock] = {}, squares[kBlock] = {};
  for (int64_t i = 0; i < pixels; ++i) {
    for (int64_t lane = 0; lane < kBlock; ++lane) {
      const float shifted = values[i * kBlock + lane] - values[lane];
      sums[lane] += shifted;
      squares[lane] += shifted * shifted;
    }
  }
  const auto count = static_cast<double>(pixels);
  for (int64_t lane = 0; lane < kBlock; ++lane) {
    const double mean = sums[lane] / count;
    moments[lane].add({count, mean + values[lane], squares[lane] - count * mean * mean});
  }
}

/// Per picture and channel: what to multiply by and what to add.
struct Scales {
  std::vector<float> factor, offset;  // [N * C]
};

Scales scales_of(const std::vector<Moments>& moments,
                 int64_t channels,
                 int64_t groups,
                 const at::Tensor& weight,
                 const at::Tensor& bias,
                 double eps) {
  const int64_t width = channels / groups;
  Scales scales{std::vector<float>(moments.size()), std::vector<float>(moments.size())};
  for (int64_t first = 0; first < static_cast<int64_t>(moments.size()); first += width) {
    Moments group;
    for (int64_t i = first; i < first + width; ++i) group.add(moments[static_cast<size_t>(i)]);
    const double inverse = 1 / std::sqrt(group.squares / group.count + eps);
    for (int64_t i = first; i < first + width; ++i) {
      const double factor = weight.const_data_ptr<float>()[i % channels] * inverse;
      scales.factor[static_cast<size_t>(i)] = static_cast<float>(factor);
      scales.offset[static_cast<size_t>(i)] =
          static_cast<float>(bias.const_data_ptr<float>()[i % channels] - group.mean * factor);
    }
  }
  return scales;
}

void scale_chunk(const float* from, float* to, int64_t pixels, const float* factor, const float* offset) {
  for (int64_t i = 0; i < pixels; ++i) {
    for (int64_t lane = 0; lane < kBlock; ++lane)
      to[i * kBlock + lane] = from[i * kBlock + lane] * factor[lane] + offset[lane];
  }
}

}  // namespace

at::Tensor to_blocked(const at::Tensor& map) {
  if (is_blocked(map)) return map.contiguous();
  const int64_t missing = to_whole_blocks(map.size(1)) - map.size(1);
  const at::Tensor whole = missing == 0 ? map : at::constant_pad_nd(map, {0, 0, 0, 0, 0, missing});
  return whole.unflatten(1, {-1, kBlock}).permute({0, 1, 3, 4, 2}).contiguous();
}

at::Tensor to_plain(const at::Tensor& map) {
  return is_blocked(map) ? map.permute({0, 1, 4, 2, 3}).flatten(1, 2).contiguous() : map;
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

at::Tensor group_norm_blocked(
    const at::Tensor& map, int64_t groups, const at::Tensor& weight, const at::Tensor& bias, double eps, bool silu) {
  const at::Tensor input = map.contiguous();
  at::Tensor output = at::empty_like(input);
  const int64_t rows = input.size(0) * input.size(1), pixels = input.size(2) * input.size(3);
  const float* from = input.const_data_ptr<float>();
  std::vector<Moments> moments(static_cast<size_t>(rows * kBlock));
  at::parallel_for(0, rows, 1, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      for (int64_t first = 0; first < pixels; first += kPixelsInChunk)
        add_chunk(from + (row * pixels + first) * kBlock,
                  std::min(kPixelsInChunk, pixels - first),
                  &moments[static_cast<size_t>(row * kBlock)]);
    }
  });
  const Scales scales = scales_of(moments, input.size(1) * kBlock, groups, weight, bias, eps);
  const at::Tensor flat = output.view({rows * pixels, kBlock});
  const int64_t chunks = (pixels + kPixelsInChunk - 1) / kPixelsInChunk;
  at::parallel_for(0, rows * chunks, 1, [&](int64_t begin, int64_t end) {
    const at::NoGradGuard no_grad;
    for (int64_t item = begin; item < end; ++item) {
      const int64_t row = item / chunks, first = item % chunks * kPixelsInChunk;
      const int64_t count = std::min(kPixelsInChunk, pixels - first), start = row * pixels + first;
      scale_chunk(from + start * kBlock,
                  output.mutable_data_ptr<float>() + start * kBlock,
                  count,
                  &scales.factor[static_cast<size_t>(row * kBlock)],
                  &scales.offset[static_cast<size_t>(row * kBlock)]);
      at::Tensor chunk = flat.narrow(0, start, count);
      if (silu) at::silu_(chunk);
    }
  });
  return output;
}

}  // namespace fmri2img::nn
