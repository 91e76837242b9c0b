#pragma once

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>

namespace fmri2img::training {

/// Pictures under Gaussians, each of its own standard deviation in pixels (0: as they are); at the borders the weights
/// of what is inside sum to 1.
/// Shape: pictures float [N, C, S, S], deviations [N] -> [N, C, S, S].
at::Tensor blur(const at::Tensor& pictures, const at::Tensor& deviations);

/// About `share` of the pictures blurred, by up to `most` pixels.
at::Tensor blur_some(const at::Tensor& pictures, double share, double most, const at::Generator& generator);

}  // namespace fmri2img::training
