#include "fmri2img/reconstruction/strips.h"

#include <ATen/ATen.h>

#include "fmri2img/core/check.h"
#include "fmri2img/reconstruction/seen_pictures.h"

namespace fmri2img::reconstruction {
namespace {

constexpr int64_t kCell = 512;
constexpr int64_t kMargin = 20;
constexpr int64_t kFirstCandidate = 1144;
constexpr int64_t kWhite = 255;

/// The source pixel of each of `kCell` places.
at::Tensor nearest(int64_t size) {
  return at::div(at::arange(kCell, at::kLong) * size, kCell, "floor");
}

at::Tensor at_cell_size(const at::Tensor& picture) {
  if (picture.size(0) > kCell || picture.size(1) > kCell) return at_codec_size(picture, {kCell, kCell, 3});
  return picture.index_select(0, nearest(picture.size(0))).index_select(1, nearest(picture.size(1)));
}

void paste(at::Tensor& strip, const at::Tensor& picture, int64_t left) {
  if (!picture.defined()) return;
  FMRI2IMG_ASSERT(picture.dim() == 3 && picture.size(2) == 3 && picture.scalar_type() == at::kByte);
  strip.narrow(0, kMargin, kCell).narrow(1, left, kCell).copy_(at_cell_size(picture));
}

}  // namespace

at::Tensor draw_strip(const StripPictures& pictures) {
  const auto count = static_cast<int64_t>(pictures.candidates.size());
  at::Tensor strip = at::full({kCell + 2 * kMargin, kFirstCandidate + (kCell + kMargin) * count, 3}, kWhite, at::kByte);
  paste(strip, pictures.target, kMargin);
  paste(strip, pictures.chosen, kMargin + kCell + kMargin);
  for (int64_t i = 0; i < count; ++i) {
    paste(strip, pictures.candidates[static_cast<size_t>(i)], kFirstCandidate + (kCell + kMargin) * i);
  }
  return strip;
}

}  // namespace fmri2img::reconstruction
