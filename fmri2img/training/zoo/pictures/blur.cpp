#include "fmri2img/training/zoo/pictures/blur.h"

#include <ATen/ATen.h>

namespace fmri2img::training {
namespace {

constexpr double kSmallestVariance = 1e-3;  // of one pixel alone

}  // namespace

at::Tensor blur(const at::Tensor& pictures, const at::Tensor& deviations) {
  const at::Tensor place = at::arange(pictures.size(3), pictures.options());
  const at::Tensor square_distance = (place.unsqueeze(1) - place).square();
  const at::Tensor variance = deviations.square().clamp_min(kSmallestVariance).view({-1, 1, 1});
  const at::Tensor weights = (-square_distance / (2 * variance)).softmax(2).unsqueeze(1);  // [N, 1, to, from]
  return weights.matmul(pictures).matmul(weights.transpose(2, 3));
}

at::Tensor blur_some(const at::Tensor& pictures, double share, double most, const at::Generator& generator) {
  const at::Tensor chosen = at::rand({pictures.size(0)}, generator, pictures.options()) < share;
  return blur(pictures, chosen * most * at::rand({pictures.size(0)}, generator, pictures.options()));
}

}  // namespace fmri2img::training
