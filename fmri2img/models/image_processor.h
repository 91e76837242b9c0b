#pragma once

#include <ATen/core/Tensor.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>

#include "fmri2img/core/json.h"
#include "fmri2img/io/resize_image.h"

namespace fmri2img::models {

/// What `preprocessor_config.json` says. Keys are those of transformers' image processors.
struct ImageProcessorOptions {
  using Size = std::pair<int64_t, int64_t>;  ///< height, width

  bool do_resize = true;
  std::optional<int64_t> shortest_edge;  ///< of the resized picture, whose proportions stay; else `size`
  Size size;
  io::Filter resample = io::Filter::kBicubic;

  bool do_center_crop = false;
  Size crop_size;

  bool do_rescale = true;
  double rescale_factor = 1.0 / 255;

  bool do_normalize = true;
  std::array<double, 3> image_mean = {0.48145466, 0.4578275, 0.40821073};  ///< OpenAI's CLIP
  std::array<double, 3> image_std = {0.26862954, 0.26130258, 0.27577711};

  /// CLIPImageProcessor: the shorter edge to 224, then the middle 224 x 224.
  static ImageProcessorOptions clip_defaults();

  /// BlipImageProcessor: 384 x 384 whatever the proportions.
  static ImageProcessorOptions blip_defaults();

  /// Keys that are absent, or null, keep the value of `defaults`; one number as "size" is the shortest edge where
  /// `defaults` has one. `where` names the file. Throws Error for an unknown key, and for a known one at a value that
  /// is not supported.
  static ImageProcessorOptions from_json(const Json& json, const std::string& where, ImageProcessorOptions defaults);

  /// "image_processor" in the folder's processor_config.json, as transformers 5 writes it; else its
  /// preprocessor_config.json; where neither is there, `defaults`.
  static ImageProcessorOptions from_folder(const std::filesystem::path& folder, ImageProcessorOptions defaults);
};

/// A picture as a vision model wants it.
///
/// Source: transformers 5.24, the Pillow backend (CLIPImageProcessorPil, BlipImageProcessorPil), whose values these
/// are. Differs: that lays transparent pictures on white; here `io::read_image` decides what becomes of
/// alpha.
class ImageProcessor {
 public:
  explicit ImageProcessor(const ImageProcessorOptions& options);

  /// Shape: pixels uint8 [H, W, 3] -> float32 [3, h, w].
  /// Throws Error for another shape or type.
  at::Tensor process(const at::Tensor& pixels) const;

  /// Resized and cropped only: uint8 [h, w, 3]. A crop that is larger than the picture is filled up with zeros.
  at::Tensor fit(const at::Tensor& pixels) const;

  const ImageProcessorOptions& options() const { return options_; }

 private:
  ImageProcessorOptions options_;
  std::array<std::array<float, 256>, 3> values_;  ///< of each colour and 8-bit level
};

}  // namespace fmri2img::models
