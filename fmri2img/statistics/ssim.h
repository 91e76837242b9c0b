#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace fmri2img::statistics {

/// Pictures with a side below this have no pixel whose whole Gaussian window lies inside: their SSIM is not defined.
constexpr int64_t kSsimWindow = 11;

/// Structural similarity of two grey pictures with values in [0, 1].
///
/// Gaussian windows (sigma 1.5, 11 taps in each direction), population covariance, K1 = .01, K2 = .03, data range 1;
/// mean of the map without a border of 5 pixels. The border is exactly where windows would leave the picture, so no
/// padding rule enters. Computed in double precision.
///
/// Shape: [H, W] each, any type. REQUIRES: H and W >= kSsimWindow.
/// Source: Wang et al. (2004), as scikit-image 0.26's structural_similarity(gaussian_weights=True, sigma=1.5,
/// use_sample_covariance=False, data_range=1).
double ssim(const at::Tensor& a, const at::Tensor& b);

/// The column-wise variant: one-dimensional windows along each column of the picture, mean over columns of the mean
/// over rows. It is what scikit-image up to 0.18 computed for `multichannel=True` on a grey picture, and so what the
/// brain-diffuser figures are; some .01 to .05 above `ssim`.
///
/// Shape: [H, W] each, any type. REQUIRES: H >= kSsimWindow.
double ssim_columns(const at::Tensor& a, const at::Tensor& b);

struct BothSsims {
  double ssim;
  double columns;
};

/// `ssim` and `ssim_columns` at the price of the first, which goes along the columns too. Shape and REQUIRES: as
/// `ssim`.
BothSsims both_ssims(const at::Tensor& a, const at::Tensor& b);

}  // namespace fmri2img::statistics
