#include "fmri2img/evaluation/resize.h"

#include <torch/torch.h>

#include "fmri2img/core/check.h"
#include "fmri2img/io/resize_image.h"

namespace fmri2img::evaluation {

at::Tensor resize_bilinear(const at::Tensor& picture, int64_t side, bool antialias) {
  FMRI2IMG_ASSERT(picture.dim() == 3);
  const at::Tensor batch = picture.unsqueeze(0);
  const at::Tensor resized = antialias ? at::_upsample_bilinear2d_aa(batch, {side, side}, /*align_corners=*/false)
                                       : at::upsample_bilinear2d(batch, {side, side}, /*align_corners=*/false);
  return resized.squeeze(0);
}

at::Tensor resize_as_pillow(const at::Tensor& picture, int64_t side) {
  FMRI2IMG_ASSERT(picture.dim() == 3 && picture.scalar_type() == at::kByte);
  return io::resize_image(picture, side, side, io::Filter::kBicubic);
}

}  // namespace fmri2img::evaluation
