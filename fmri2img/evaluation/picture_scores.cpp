#include "fmri2img/evaluation/picture_scores.h"

#include <torch/torch.h>

#include <limits>

#include "fmri2img/core/check.h"
#include "fmri2img/statistics/correlation.h"
#include "fmri2img/statistics/squared_error.h"
#include "fmri2img/statistics/ssim.h"

namespace fmri2img::evaluation {
namespace {

constexpr double kNotDefined = std::numeric_limits<double>::quiet_NaN();

at::Tensor to_grey(const at::Tensor& picture) {
  const at::Tensor rgb = picture.to(at::kDouble);
  return 0.2125 * rgb[0] + 0.7154 * rgb[1] + 0.0721 * rgb[2];
}

}  // namespace

PictureScores score_pictures(const at::Tensor& target, const at::Tensor& reconstruction) {
  FMRI2IMG_ASSERT(target.dim() == 3 && target.size(0) == 3 && target.sizes() == reconstruction.sizes());
  const at::Tensor a = target.reshape({1, -1});
  const at::Tensor b = reconstruction.reshape({1, -1});
  PictureScores scores;
  scores.pixel_correlation = statistics::pearson_rows(a, b).item<double>();
  scores.mse = statistics::mean_squared_error_rows(a, b).item<double>();
  const at::Tensor grey_a = to_grey(target);
  const at::Tensor grey_b = to_grey(reconstruction);
  const bool high = target.size(1) >= statistics::kSsimWindow;
  const bool wide = target.size(2) >= statistics::kSsimWindow;
  if (high && wide) {
    const statistics::BothSsims both = statistics::both_ssims(grey_a, grey_b);
    scores.ssim = both.ssim;
    scores.ssim_1d = both.columns;
  } else {
    scores.ssim = kNotDefined;
    scores.ssim_1d = high ? statistics::ssim_columns(grey_a, grey_b) : kNotDefined;
  }
  return scores;
}

}  // namespace fmri2img::evaluation
