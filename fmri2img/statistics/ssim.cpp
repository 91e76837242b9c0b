#include "fmri2img/statistics/ssim.h"

#include <torch/torch.h>

#include <array>
#include <cmath>

#include "fmri2img/core/check.h"

namespace fmri2img::statistics {
namespace {

constexpr double kSigma = 1.5;
constexpr double kC1 = 0.01 * 0.01;  // (K1 * data range)^2
constexpr double kC2 = 0.03 * 0.03;  // (K2 * data range)^2

std::array<double, kSsimWindow> gaussian_window() {
  std::array<double, kSsimWindow> window{};
  double sum = 0;
  constexpr int64_t kMiddle = kSsimWindow / 2;
  for (int64_t i = 0; i < kSsimWindow; ++i) {
    const auto distance = static_cast<double>(i - kMiddle);
    window[static_cast<size_t>(i)] = std::exp(-distance * distance / (2 * kSigma * kSigma));
    sum += window[static_cast<size_t>(i)];
  }
  for (double& weight : window) weight /= sum;
  return window;
}

/// Weighted means along `dim`, at the places whose window lies inside.
at::Tensor smooth(const at::Tensor& maps, int64_t dim) {
  static const std::array<double, kSsimWindow> kWindow = gaussian_window();
  const int64_t length = maps.size(dim) - kSsimWindow + 1;
  at::Tensor result = maps.narrow(dim, 0, length) * kWindow[0];
  for (int64_t i = 1; i < kSsimWindow; ++i) {
    result.add_(maps.narrow(dim, i, length), /*alpha=*/kWindow[static_cast<size_t>(i)]);
  }
  return result;
}

/// a, b, a^2, b^2 and ab: [5, H, W].
at::Tensor moments(const at::Tensor& a, const at::Tensor& b) {
  FMRI2IMG_ASSERT(a.dim() == 2 && a.sizes() == b.sizes());
  const at::Tensor x = a.to(at::kDouble);
  const at::Tensor y = b.to(at::kDouble);
  return at::stack({x, y, x * x, y * y, x * y});
}

double mean_similarity(const at::Tensor& smoothed) {
  const at::Tensor mean_a = smoothed[0];
  const at::Tensor mean_b = smoothed[1];
  const at::Tensor variance_a = smoothed[2] - mean_a * mean_a;
  const at::Tensor variance_b = smoothed[3] - mean_b * mean_b;
  const at::Tensor covariance = smoothed[4] - mean_a * mean_b;
  const at::Tensor numerator = (2 * mean_a * mean_b + kC1) * (2 * covariance + kC2);
  const at::Tensor denominator = (mean_a * mean_a + mean_b * mean_b + kC1) * (variance_a + variance_b + kC2);
  return (numerator / denominator).mean().item<double>();
}

}  // namespace

BothSsims both_ssims(const at::Tensor& a, const at::Tensor& b) {
  FMRI2IMG_ASSERT(a.size(0) >= kSsimWindow && a.size(1) >= kSsimWindow);
  const at::Tensor columns = smooth(moments(a, b), 1);
  return {mean_similarity(smooth(columns, 2)), mean_similarity(columns)};
}

double ssim(const at::Tensor& a, const at::Tensor& b) {
  FMRI2IMG_ASSERT(a.size(0) >= kSsimWindow && a.size(1) >= kSsimWindow);
  return mean_similarity(smooth(smooth(moments(a, b), 1), 2));
}

double ssim_columns(const at::Tensor& a, const at::Tensor& b) {
  FMRI2IMG_ASSERT(a.size(0) >= kSsimWindow);
  return mean_similarity(smooth(moments(a, b), 1));
}

}  // namespace fmri2img::statistics
