#include "fmri2img/models/image_processor.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/text.h"
#include "fmri2img/models/config_fields.h"

namespace fmri2img::models {
namespace {

at::Tensor resize_shortest_edge(const at::Tensor& pixels, int64_t edge, io::Filter filter) {
  const int64_t height = pixels.size(0), width = pixels.size(1);
  if (width <= height) return io::resize_image(pixels, edge * height / width, edge, filter);
  return io::resize_image(pixels, edge, edge * width / height, filter);
}

/// Towards minus infinity, as Python rounds.
int64_t half_rounded_down(int64_t value) {
  return value >= 0 ? value / 2 : -((1 - value) / 2);
}

/// The pixels that are in both the picture and the crop, along one axis.
struct Overlap {
  Overlap(int64_t picture, int64_t crop) {
    const int64_t offset = half_rounded_down(picture - crop);
    in_picture = std::max<int64_t>(offset, 0);
    in_crop = std::max<int64_t>(-offset, 0);
    length = std::min(picture, crop);
  }
  int64_t in_picture, in_crop, length;
};

at::Tensor crop_centre(const at::Tensor& pixels, ImageProcessorOptions::Size size) {
  const Overlap rows(pixels.size(0), size.first), columns(pixels.size(1), size.second);
  const at::Tensor inner = pixels.narrow(0, rows.in_picture, rows.length).narrow(1, columns.in_picture, columns.length);
  if (rows.length == size.first && columns.length == size.second) return inner.contiguous();
  at::Tensor padded = at::zeros({size.first, size.second, pixels.size(2)}, at::kByte);
  padded.narrow(0, rows.in_crop, rows.length).narrow(1, columns.in_crop, columns.length).copy_(inner);
  return padded;
}

}  // namespace

ImageProcessor::ImageProcessor(const ImageProcessorOptions& options) : options_(options) {
  // In the reference's types: the product in double, mean and deviation in float.
  for (size_t c = 0; c < values_.size(); ++c) {
    const auto mean = static_cast<float>(options.image_mean[c]);
    const auto deviation = static_cast<float>(options.image_std[c]);
    for (int level = 0; level < 256; ++level) {
      auto value = static_cast<float>(options.do_rescale ? level * options.rescale_factor : level);
      if (options.do_normalize) value = (value - mean) / deviation;
      values_[c][static_cast<size_t>(level)] = value;
    }
  }
}

at::Tensor ImageProcessor::fit(const at::Tensor& pixels) const {
  FMRI2IMG_CHECK(
      pixels.dim() == 3 && pixels.size(2) == kColours && pixels.scalar_type() == at::kByte && pixels.numel() > 0,
      "a picture is {} of {}; expected height x width x 3 of 8 bits",
      format_shape(pixels.sizes().vec()),
      c10::toString(pixels.scalar_type()));
  at::Tensor fitted = pixels;
  if (options_.do_resize && options_.shortest_edge) {
    fitted = resize_shortest_edge(fitted, *options_.shortest_edge, options_.resample);
  } else if (options_.do_resize) {
    fitted = io::resize_image(fitted, options_.size.first, options_.size.second, options_.resample);
  }
  return options_.do_center_crop ? crop_centre(fitted, options_.crop_size) : fitted.contiguous();
}

at::Tensor ImageProcessor::process(const at::Tensor& pixels) const {
  const at::Tensor fitted = fit(pixels);
  const int64_t count = fitted.size(0) * fitted.size(1);
  at::Tensor values = at::empty({kColours, fitted.size(0), fitted.size(1)});
  const auto* levels = fitted.const_data_ptr<uint8_t>();
  auto* out = values.mutable_data_ptr<float>();
  for (int64_t c = 0; c < kColours; ++c) {
    const auto& of_level = values_[static_cast<size_t>(c)];
    for (int64_t i = 0; i < count; ++i) *out++ = of_level[levels[i * kColours + c]];
  }
  return values;
}

}  // namespace fmri2img::models
