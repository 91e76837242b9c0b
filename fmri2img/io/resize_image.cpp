#include "fmri2img/io/resize_image.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"
#include "fmri2img/io/image.h"

namespace fmri2img::io {
namespace {

constexpr int kPrecisionBits = 32 - 8 - 2;
constexpr int64_t kProductsPerTask = 1 << 16;

double triangle(double x) {
  x = std::abs(x);
  return x < 1 ? 1 - x : 0;
}

double cubic(double x) {
  constexpr double a = -0.5;
  x = std::abs(x);
  if (x < 1) return ((a + 2) * x - (a + 3)) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
}

double sinc(double x) {
  if (x == 0) return 1;
  x *= std::numbers::pi;
  return std::sin(x) / x;
}

double lanczos(double x) {
  return -3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0;
}

struct Kernel {
  double (*weight)(double);
  double support;
};

Kernel kernel_of(Filter filter) {
  if (filter == Filter::kBilinear) return {triangle, 1};
  if (filter == Filter::kBicubic) return {cubic, 2};
  return {lanczos, 3};
}

/// Where one output pixel gets its value: input pixels from `first` on, one for each weight.
struct Taps {
  int64_t first;
  std::vector<int32_t> weights;
};

int32_t fixed_point(double weight) {
  return static_cast<int32_t>((weight < 0 ? -0.5 : 0.5) + weight * (1 << kPrecisionBits));
}

Taps taps_of(int64_t position, double scale, int64_t in_size, const Kernel& kernel) {
  const double widened = std::max(scale, 1.0);
  const double support = kernel.support * widened;
  const double centre = (static_cast<double>(position) + 0.5) * scale;
  // NOLINTBEGIN(bugprone-incorrect-roundings): Pillow's rounding, down at a negative half
  const int64_t first = std::max<int64_t>(static_cast<int64_t>(centre - support + 0.5), 0);
  const int64_t last = std::min(static_cast<int64_t>(centre + support + 0.5), in_size);
  // NOLINTEND(bugprone-incorrect-roundings)
  std::vector<double> weights;
  double sum = 0;
  for (int64_t i = first; i < last; ++i) {
    weights.push_back(kernel.weight((static_cast<double>(i) - centre + 0.5) * (1 / widened)));
    sum += weights.back();
  }
  Taps taps{first, {}};
  for (const double weight : weights) taps.weights.push_back(fixed_point(sum != 0 ? weight / sum : weight));
  return taps;
}

std::vector<Taps> all_taps(int64_t in_size, int64_t out_size, Filter filter) {
  const Kernel kernel = kernel_of(filter);
  const double scale = static_cast<double>(in_size) / static_cast<double>(out_size);
  std::vector<Taps> taps;
  for (int64_t i = 0; i < out_size; ++i) taps.push_back(taps_of(i, scale, in_size, kernel));
  return taps;
}

constexpr int32_t kHalf = 1 << (kPrecisionBits - 1);

uint8_t to_8_bits(int32_t sum) {
  return static_cast<uint8_t>(std::clamp(sum >> kPrecisionBits, 0, 255));
}

/// Tasks of about equal work, whatever the rows' length.
int64_t rows_per_task(int64_t row_length, const std::vector<Taps>& taps) {
  return std::max<int64_t>(1, kProductsPerTask / (row_length * static_cast<int64_t>(taps[0].weights.size())));
}

template <int kChannels> void resize_row(const uint8_t* in, uint8_t* out, const std::vector<Taps>& taps) {
  for (const Taps& tap : taps) {
    int32_t sums[kChannels];
    std::fill_n(sums, kChannels, kHalf);
    const uint8_t* pixel = in + tap.first * kChannels;
    for (const int32_t weight : tap.weights) {
      for (int c = 0; c < kChannels; ++c) sums[c] += *pixel++ * weight;
    }
    for (int c = 0; c < kChannels; ++c) *out++ = to_8_bits(sums[c]);
  }
}

at::Tensor resize_width(const at::Tensor& pixels, int64_t width, Filter filter) {
  const int64_t channels = pixels.size(2), in_stride = pixels.size(1) * channels;
  const std::vector<Taps> taps = all_taps(pixels.size(1), width, filter);
  at::Tensor resized = at::empty({pixels.size(0), width, channels}, at::kByte);
  constexpr decltype(&resize_row<1>) kRowKernels[] = {resize_row<1>, resize_row<2>, resize_row<3>, resize_row<4>};
  const auto row_kernel = kRowKernels[channels - 1];
  const auto* in = pixels.const_data_ptr<uint8_t>();
  auto* out = resized.mutable_data_ptr<uint8_t>();
  const int64_t out_stride = width * channels;
  at::parallel_for(0, pixels.size(0), rows_per_task(out_stride, taps), [&](int64_t begin, int64_t end) {
    for (int64_t y = begin; y < end; ++y) row_kernel(in + y * in_stride, out + y * out_stride, taps);
  });
  return resized;
}

at::Tensor resize_height(const at::Tensor& pixels, int64_t height, Filter filter) {
  const int64_t stride = pixels.size(1) * pixels.size(2);
  const std::vector<Taps> taps = all_taps(pixels.size(0), height, filter);
  at::Tensor resized = at::empty({height, pixels.size(1), pixels.size(2)}, at::kByte);
  const auto* in = pixels.const_data_ptr<uint8_t>();
  auto* out = resized.mutable_data_ptr<uint8_t>();
  at::parallel_for(0, height, rows_per_task(stride, taps), [&](int64_t begin, int64_t end) {
    std::vector<int32_t> sums(static_cast<size_t>(stride));
    for (int64_t y = begin; y < end; ++y) {
      std::ranges::fill(sums, kHalf);
      const uint8_t* row = in + taps[static_cast<size_t>(y)].first * stride;
      for (const int32_t weight : taps[static_cast<size_t>(y)].weights) {
        for (int32_t& sum : sums) sum += *row++ * weight;
      }
      std::ranges::transform(sums, out + y * stride, to_8_bits);
    }
  });
  return resized;
}

}  // namespace

at::Tensor resize_image(const at::Tensor& pixels, int64_t height, int64_t width, Filter filter) {
  FMRI2IMG_ASSERT(pixels.scalar_type() == at::kByte && pixels.dim() == 3 && pixels.size(2) >= 1 && pixels.size(2) <= 4);
  const auto fits = [](int64_t h, int64_t w) { return h >= 1 && w >= 1 && h <= kMostPixels / w; };
  FMRI2IMG_CHECK(fits(pixels.size(0), pixels.size(1)) && fits(height, width),
                 "cannot resize a picture of {} x {} to {} x {} (height x width): expected 1 to {} pixels",
                 pixels.size(0),
                 pixels.size(1),
                 height,
                 width,
                 format_count(kMostPixels));
  const int64_t lost_rows = pixels.size(0) - height, lost_columns = pixels.size(1) - width;
  const bool height_first = lost_rows > 0 && lost_rows > 2 * lost_columns;  // or the map between would be large
  at::Tensor resized = pixels.contiguous();
  if (height_first) resized = resize_height(resized, height, filter);
  if (width != resized.size(1)) resized = resize_width(resized, width, filter);
  if (height != resized.size(0)) resized = resize_height(resized, height, filter);
  return resized;
}

}  // namespace fmri2img::io
