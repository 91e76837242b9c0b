#include "fmri2img/models/pixels_codec.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "fmri2img/core/check.h"

namespace fmri2img::models {
namespace {

constexpr int64_t kLongestSide = 64;

PictureSize size_from(const Json& config) {
  JsonFields fields(config, "codec \"pixels\"");
  fields.require<std::string>("name");
  const PictureSize size{
      fields.require<int64_t>("height"), fields.require<int64_t>("width"), fields.require<int64_t>("channels")};
  fields.finish();
  return size;
}

}  // namespace

PixelsCodec::PixelsCodec(const PictureSize& size) : size_(size) {
  FMRI2IMG_CHECK_USAGE(size.height >= 1 && size.width >= 1 && (size.channels == 1 || size.channels == 3),
                       "codec pixels: a picture of {} x {} with {} channels is not possible; expected 1 or 3 channels",
                       size.height,
                       size.width,
                       size.channels);
}

PixelsCodec::PixelsCodec(const Json& config) : PixelsCodec(size_from(config)) {}

PictureSize PixelsCodec::size_for(const PictureSize& picture) {
  const int64_t longer = std::max(picture.height, picture.width);
  if (longer <= kLongestSide) return picture;
  const auto reduced = [longer](int64_t side) {
    const double scaled = static_cast<double>(side * kLongestSide) / static_cast<double>(longer);
    return std::max<int64_t>(1, std::llround(scaled));
  };
  return {reduced(picture.height), reduced(picture.width), picture.channels};
}

Json PixelsCodec::config() const {
  return {{"name", name()}, {"height", size_.height}, {"width", size_.width}, {"channels", size_.channels}};
}

at::Tensor PixelsCodec::encode(const at::Tensor& pictures, std::optional<at::Generator>) {
  at::Tensor pixels = pictures;
  if (size_.channels == 1 && pixels.size(1) == 3) pixels = pixels.mean(1, /*keepdim=*/true);
  if (size_.channels == 3 && pixels.size(1) == 1) pixels = pixels.expand({-1, 3, -1, -1});
  if (pixels.size(2) == size_.height && pixels.size(3) == size_.width) return pixels.contiguous();
  return at::_upsample_bilinear2d_aa(pixels, {size_.height, size_.width}, /*align_corners=*/false);
}

at::Tensor PixelsCodec::decode(const at::Tensor& latents) {
  return latents.clamp(0, 1);
}

}  // namespace fmri2img::models
