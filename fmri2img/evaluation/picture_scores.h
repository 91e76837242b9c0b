#pragma once

#include <ATen/core/Tensor.h>

namespace fmri2img::evaluation {

/// How near one picture is to another, pixel by pixel. NaN where a score is not defined.
struct PictureScores {
  double pixel_correlation = 0;  ///< Pearson over all values of all channels; undefined for a constant picture
  double mse = 0;                ///< mean squared difference, values in [0, 1]
  double ssim = 0;               ///< on grey; undefined for pictures with a side below 11
  double ssim_1d = 0;            ///< its column-wise variant; undefined for pictures lower than 11
};

/// Shape: float [3, H, W] in [0, 1] each. Grey is .2125 R + .7154 G + .0721 B, as scikit-image's rgb2gray.
PictureScores score_pictures(const at::Tensor& target, const at::Tensor& reconstruction);

}  // namespace fmri2img::evaluation
