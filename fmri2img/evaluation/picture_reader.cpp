#include "fmri2img/evaluation/picture_reader.h"

#include <filesystem>

#include "fmri2img/core/check.h"
#include "fmri2img/io/image.h"
#include "fmri2img/reconstruction/seen_pictures.h"

namespace fmri2img::evaluation {

at::Tensor PictureReader::operator()(const std::string& file) const {
  const std::filesystem::path path = results_.folder / file;  // a whole path stays what it is
  const at::Tensor picture = io::read_image(path);
  const bool training = std::filesystem::path(file).is_absolute();
  const bool high = picture.size(0) == results_.high_height && picture.size(1) == results_.high_width;
  if (training || high) return reconstruction::at_codec_size(picture, {results_.height, results_.width, 3});
  FMRI2IMG_CHECK(picture.size(0) == results_.height && picture.size(1) == results_.width,
                 "\"{}\" is {} x {} pixels, the pictures of this run are {} x {}: reconstruct again",
                 path.string(),
                 picture.size(0),
                 picture.size(1),
                 results_.height,
                 results_.width);
  return picture;
}

}  // namespace fmri2img::evaluation
