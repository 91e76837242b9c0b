#include "fmri2img/evaluation/resize.h"

#include <torch/torch.h>

#include "fmri2img/core/check.h"

namespace fmri2img::evaluation {
namespace {

/// One direction of Pillow's two: horizontal first, each rounded to 8 bits. float [1, C, H, W] in 0 .. 255.
at::Tensor bicubic_pass(const at::Tensor& picture, int64_t height, int64_t width) {
  const at::Tensor resized = at::_upsample_bicubic2d_aa(picture, {height, width}, /*align_corners=*/false);
  return resized.add(0.5).floor().clamp(0, 255);
}

}  // namespace

at::Tensor resize_bilinear(const at::Tensor& picture, int64_t side, bool antialias) {
  FMRI2IMG_ASSERT(picture.dim() == 3);
  const at::Tensor batch = picture.unsqueeze(0);
  const at::Tensor resized = antialias ? at::_upsample_bilinear2d_aa(batch, {side, side}, /*align_corners=*/false)
                                       : at::upsample_bilinear2d(batch, {side, side}, /*align_corners=*/false);
  return resized.squeeze(0);
}

at::Tensor resize_as_pillow(const at::Tensor& picture, int64_t side) {
  FMRI2IMG_ASSERT(picture.dim() == 3 && picture.scalar_type() == at::kByte);
  if (picture.size(0) == side && picture.size(1) == side) return picture;
  const at::Tensor batch = picture.permute({2, 0, 1}).unsqueeze(0).to(at::kFloat);
  const at::Tensor wide = bicubic_pass(batch, batch.size(2), side);
  return bicubic_pass(wide, side, side).squeeze(0).permute({1, 2, 0}).to(at::kByte);
}

}  // namespace fmri2img::evaluation
