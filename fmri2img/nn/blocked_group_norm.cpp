#include "fmri2img/nn/blocked_group_norm.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <numeric>
#include <vector>

#include "fmri2img/nn/avx512.h"
#include "fmri2img/nn/blocked.h"

namespace fmri2img::nn {
#ifdef FMRI2IMG_HAS_AVX512_KERNELS
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr int64_t kPixelsInChunk = 2048;  // float32 sums are kept no longer than this
static_assert(kBlock == 16, "one register holds the channels of a block");

/// A blocked map, and which of its rows (16 channels of one picture) must be read together: a unit is the fewest rows
/// that groups do not cross.
struct GroupedMap {
  int64_t rows, pixels, blocks, channels_of_group, rows_of_unit;

  GroupedMap(const at::Tensor& map, int64_t groups)
      : rows(map.size(0) * map.size(1)),
        pixels(map.size(2) * map.size(3)),
        blocks(map.size(1)),
        channels_of_group(blocks * kBlock / groups),
        rows_of_unit(std::lcm(channels_of_group, kBlock) / kBlock) {}

  int64_t start(int64_t row) const { return row * pixels * kBlock; }
  int64_t channel(int64_t row) const { return row % blocks * kBlock; }
  double values_of_group() const { return static_cast<double>(channels_of_group * pixels); }

  /// `visit(first row)` for each unit, in parallel.
  template <class Visit> void for_each_unit(const Visit& visit) const {
    at::parallel_for(0, rows / rows_of_unit, 1, [&](int64_t begin, int64_t end) {
      for (int64_t unit = begin; unit < end; ++unit) visit(unit * rows_of_unit);
    });
  }

  /// `visit(first, last)`: the lanes of each group in `rows_of_unit * kBlock` of them.
  template <class Visit> void for_each_group(const Visit& visit) const {
    for (int64_t first = 0; first < rows_of_unit * kBlock; first += channels_of_group)
      visit(first, first + channels_of_group);
  }
};

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
FMRI2IMG_AVX512 void add_chunk(const float* values, int64_t pixels, Moments* moments) {
  const __m512 shift = _mm512_loadu_ps(values);
  __m512 sums[2] = {}, squares[2] = {};
  const auto add = [&](int64_t pixel, int64_t half) FMRI2IMG_AVX512 {
    const __m512 shifted = _mm512_sub_ps(_mm512_loadu_ps(values + pixel * kBlock), shift);
    sums[half] = _mm512_add_ps(sums[half], shifted);
    squares[half] = _mm512_fmadd_ps(shifted, shifted, squares[half]);
  };
  for (int64_t i = 0; i + 1 < pixels; i += 2) {
    add(i, 0);
    add(i + 1, 1);
  }
  if (pixels % 2 == 1) add(pixels - 1, 0);
  float sum[kBlock], square[kBlock];
  _mm512_storeu_ps(sum, _mm512_add_ps(sums[0], sums[1]));
  _mm512_storeu_ps(square, _mm512_add_ps(squares[0], squares[1]));
  const auto count = static_cast<double>(pixels);
  for (int64_t lane = 0; lane < kBlock; ++lane) {
    const double mean = sum[lane] / count;
    moments[lane].add({count, mean + values[lane], square[lane] - count * mean * mean});
  }
}

/// y = factor x + offset, then SiLU.
FMRI2IMG_AVX512 void scale_row(
    const float* from, float* to, int64_t pixels, const float* factor, const float* offset, bool silu) {
  const __m512 by = _mm512_loadu_ps(factor), plus = _mm512_loadu_ps(offset);
  for (int64_t i = 0; i < pixels * kBlock; i += kBlock) {
    const __m512 scaled = _mm512_fmadd_ps(_mm512_loadu_ps(from + i), by, plus);
    _mm512_storeu_ps(to + i, silu ? silu_ps(scaled) : scaled);
  }
}

/// Sums of one channel's gradients g, and of g times the normalised value.
struct GradientSums {
  double plain = 0, by_value = 0;
};

/// Normalisation of the 16 channels of a row: (x - mean) * inverse, and what follows it.
struct RowScales {
  float mean[kBlock], inverse[kBlock], weight[kBlock], bias[kBlock];
};

/// From gradients of the output to those of the normalised value times weight plus bias (`to`), and their sums.
FMRI2IMG_AVX512 void add_gradients(const float* from,
                                   const float* gradient,
                                   float* to,
                                   int64_t pixels,
                                   const RowScales& scales,
                                   bool silu,
                                   GradientSums* sums) {
  const __m512 mean = _mm512_loadu_ps(scales.mean), inverse = _mm512_loadu_ps(scales.inverse);
  const __m512 weight = _mm512_loadu_ps(scales.weight), bias = _mm512_loadu_ps(scales.bias);
  __m512 plain = _mm512_setzero_ps(), by_value = _mm512_setzero_ps();
  for (int64_t i = 0; i < pixels * kBlock; i += kBlock) {
    const __m512 value = _mm512_mul_ps(_mm512_sub_ps(_mm512_loadu_ps(from + i), mean), inverse);
    __m512 here = _mm512_loadu_ps(gradient + i);
    if (silu) here = _mm512_mul_ps(here, silu_slope_ps(_mm512_fmadd_ps(value, weight, bias)));
    _mm512_storeu_ps(to + i, here);
    plain = _mm512_add_ps(plain, here);
    by_value = _mm512_fmadd_ps(here, value, by_value);
  }
  float sum[kBlock], product[kBlock];
  _mm512_storeu_ps(sum, plain);
  _mm512_storeu_ps(product, by_value);
  for (int64_t lane = 0; lane < kBlock; ++lane) {
    sums[lane].plain += sum[lane];
    sums[lane].by_value += product[lane];
  }
}

/// In place: g -> factor g + slope x + offset, the gradient of x.
FMRI2IMG_AVX512 void finish_gradients(
    const float* from, float* gradient, int64_t pixels, const float* factor, const float* slope, const float* offset) {
  const __m512 by = _mm512_loadu_ps(factor), per_value = _mm512_loadu_ps(slope), plus = _mm512_loadu_ps(offset);
  for (int64_t i = 0; i < pixels * kBlock; i += kBlock) {
    const __m512 constant = _mm512_fmadd_ps(_mm512_loadu_ps(from + i), per_value, plus);
    _mm512_storeu_ps(gradient + i, _mm512_fmadd_ps(_mm512_loadu_ps(gradient + i), by, constant));
  }
}

class BlockedGroupNorm : public torch::autograd::Function<BlockedGroupNorm> {
 public:
  static at::Tensor forward(AutogradContext* context,
                            const at::Tensor& input,
                            const at::Tensor& weight,
                            const at::Tensor& bias,
                            int64_t groups,
                            double eps,
                            bool silu) {
    const GroupedMap map(input, groups);
    at::Tensor output = at::empty_like(input);
    // Mean and one over the deviation of every channel of every picture, equal within a group.
    const at::Tensor mean = at::empty({map.rows, kBlock}, input.options().dtype(at::kDouble));
    const at::Tensor inverse = at::empty_like(mean);
    map.for_each_unit([&](int64_t first) {
      const int64_t lanes = first * kBlock;
      find_moments(map,
                   input.const_data_ptr<float>(),
                   first,
                   eps,
                   mean.mutable_data_ptr<double>() + lanes,
                   inverse.mutable_data_ptr<double>() + lanes);
      for (int64_t row = first; row < first + map.rows_of_unit; ++row) {
        float factor[kBlock], offset[kBlock];
        for (int64_t lane = 0; lane < kBlock; ++lane) {
          const int64_t channel = map.channel(row) + lane, at = row * kBlock + lane;
          const double by = weight.const_data_ptr<float>()[channel] * inverse.const_data_ptr<double>()[at];
          factor[lane] = static_cast<float>(by);
          offset[lane] =
              static_cast<float>(bias.const_data_ptr<float>()[channel] - mean.const_data_ptr<double>()[at] * by);
        }
        scale_row(input.const_data_ptr<float>() + map.start(row),
                  output.mutable_data_ptr<float>() + map.start(row),
                  map.pixels,
                  factor,
                  offset,
                  silu);
      }
    });
    context->save_for_backward({input, weight, bias, mean, inverse});
    context->saved_data["groups"] = groups;
    context->saved_data["silu"] = silu;
    return output;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &input = saved[0], &weight = saved[1], &bias = saved[2], &mean = saved[3], &inverse = saved[4];
    const GroupedMap map(input, context->saved_data["groups"].toInt());
    const bool silu = context->saved_data["silu"].toBool();
    const at::Tensor given = gradients[0].contiguous();
    at::Tensor to_input = at::empty_like(input);
    const at::Tensor to_bias = at::empty({map.rows, kBlock}, mean.options()), to_weight = at::empty_like(to_bias);
    map.for_each_unit([&](int64_t first) {
      const int64_t lanes = map.rows_of_unit * kBlock;
      std::vector<GradientSums> sums(static_cast<size_t>(lanes));
      for (int64_t row = first; row < first + map.rows_of_unit; ++row) {
        const RowScales scales = scales_of(map, row, weight, bias, mean, inverse);
        for (int64_t pixel = 0; pixel < map.pixels; pixel += kPixelsInChunk) {
          const int64_t start = map.start(row) + pixel * kBlock;
          add_gradients(input.const_data_ptr<float>() + start,
                        given.const_data_ptr<float>() + start,
                        to_input.mutable_data_ptr<float>() + start,
                        std::min(kPixelsInChunk, map.pixels - pixel),
                        scales,
                        silu,
                        &sums[static_cast<size_t>((row - first) * kBlock)]);
        }
      }
      for (int64_t lane = 0; lane < lanes; ++lane) {
        to_bias.mutable_data_ptr<double>()[first * kBlock + lane] = sums[static_cast<size_t>(lane)].plain;
        to_weight.mutable_data_ptr<double>()[first * kBlock + lane] = sums[static_cast<size_t>(lane)].by_value;
      }
      finish_unit(map, first, sums, {input, weight, mean, inverse}, to_input);
    });
    const auto sum_of_pictures = [&](const at::Tensor& rows) {
      return rows.view({-1, weight.size(0)}).sum(0).to(at::kFloat);
    };
    return {to_input, sum_of_pictures(to_weight), sum_of_pictures(to_bias), {}, {}, {}};
  }

 private:
  struct Saved {
    const at::Tensor &input, &weight, &mean, &inverse;
  };

  /// Fills `mean` and `inverse` of the lanes of one unit.
  static void find_moments(
      const GroupedMap& map, const float* values, int64_t first, double eps, double* mean, double* inverse) {
    std::vector<Moments> moments(static_cast<size_t>(map.rows_of_unit * kBlock));
    for (int64_t row = 0; row < map.rows_of_unit; ++row) {
      for (int64_t pixel = 0; pixel < map.pixels; pixel += kPixelsInChunk)
        add_chunk(values + map.start(first + row) + pixel * kBlock,
                  std::min(kPixelsInChunk, map.pixels - pixel),
                  &moments[static_cast<size_t>(row * kBlock)]);
    }
    map.for_each_group([&](int64_t begin, int64_t end) {
      Moments group;
      for (int64_t lane = begin; lane < end; ++lane) group.add(moments[static_cast<size_t>(lane)]);
      std::fill(mean + begin, mean + end, group.mean);
      std::fill(inverse + begin, inverse + end, 1 / std::sqrt(group.squares / group.count + eps));
    });
  }

  static RowScales scales_of(const GroupedMap& map,
                             int64_t row,
                             const at::Tensor& weight,
                             const at::Tensor& bias,
                             const at::Tensor& mean,
                             const at::Tensor& inverse) {
    RowScales scales;
    for (int64_t lane = 0; lane < kBlock; ++lane) {
      scales.mean[lane] = static_cast<float>(mean.const_data_ptr<double>()[row * kBlock + lane]);
      scales.inverse[lane] = static_cast<float>(inverse.const_data_ptr<double>()[row * kBlock + lane]);
      scales.weight[lane] = weight.const_data_ptr<float>()[map.channel(row) + lane];
      scales.bias[lane] = bias.const_data_ptr<float>()[map.channel(row) + lane];
    }
    return scales;
  }

  /// The gradient of x = inverse (weight g - mean of (weight g) - value * mean of (weight g value)), means over a
  /// group.
  static void finish_unit(const GroupedMap& map,
                          int64_t first,
                          const std::vector<GradientSums>& sums,
                          const Saved& saved,
                          at::Tensor& to_input) {
    const size_t lanes = sums.size();
    std::vector<float> factor(lanes), slope(lanes), offset(lanes);
    const double* mean = saved.mean.const_data_ptr<double>() + first * kBlock;
    const double* inverse = saved.inverse.const_data_ptr<double>() + first * kBlock;
    const float* weight = saved.weight.const_data_ptr<float>() + map.channel(first);
    map.for_each_group([&](int64_t begin, int64_t end) {
      GradientSums group;
      for (int64_t lane = begin; lane < end; ++lane) {
        group.plain += weight[lane] * sums[static_cast<size_t>(lane)].plain;
        group.by_value += weight[lane] * sums[static_cast<size_t>(lane)].by_value;
      }
      const double count = map.values_of_group();
      for (int64_t lane = begin; lane < end; ++lane) {
        const double per_value = -inverse[lane] * inverse[lane] * group.by_value / count;
        factor[static_cast<size_t>(lane)] = static_cast<float>(inverse[lane] * weight[lane]);
        slope[static_cast<size_t>(lane)] = static_cast<float>(per_value);
        offset[static_cast<size_t>(lane)] =
            static_cast<float>(-inverse[lane] * group.plain / count - per_value * mean[lane]);
      }
    });
    for (int64_t row = 0; row < map.rows_of_unit; ++row) {
      const auto lane = static_cast<size_t>(row * kBlock);
      finish_gradients(saved.input.const_data_ptr<float>() + map.start(first + row),
                       to_input.mutable_data_ptr<float>() + map.start(first + row),
                       map.pixels,
                       &factor[lane],
                       &slope[lane],
                       &offset[lane]);
    }
  }
};

}  // namespace
#endif

at::Tensor blocked_group_norm(
    const at::Tensor& map, int64_t groups, const at::Tensor& weight, const at::Tensor& bias, double eps, bool silu) {
#ifdef FMRI2IMG_HAS_AVX512_KERNELS
  if (has_avx512()) return BlockedGroupNorm::apply(map.contiguous(), weight, bias, groups, eps, silu);
#endif
  const at::Tensor normalised = to_blocked(at::group_norm(to_plain(map), groups, weight, bias, eps));
  return silu ? at::silu(normalised) : normalised;
}

}  // namespace fmri2img::nn
