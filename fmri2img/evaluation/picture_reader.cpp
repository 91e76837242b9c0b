#include "fmri2img/evaluation/picture_reader.h"

#include <filesystem>

#include "fmri2img/core/check.h"
#include "fmri2img/io/image.h"
#include "fmri2img/reconstruction/seen_pictures.h"

namespace fmri2img::evaluation {

PictureReader::PictureReader(const reconstruction::Results& results, const Protocol& protocol)
    : results_(results), reduces_(protocol.resizing == Resizing::kNone) {
  for (const reconstruction::ResultRow& row : results.rows) {
    if (results.targets_as_shown) shown_.insert(row.target);
    if (!row.high.empty()) high_.insert(row.high);
  }
}

at::Tensor PictureReader::operator()(const std::string& file) const {
  const at::Tensor picture = io::read_image(results_.folder / file);  // a whole path stays what it is
  const bool training = std::filesystem::path(file).is_absolute();
  if (!training && !shown_.contains(file)) require_size(file, picture);
  return reduces_ ? reconstruction::at_codec_size(picture, {results_.height, results_.width, 3}) : picture;
}

void PictureReader::require_size(const std::string& file, const at::Tensor& picture) const {
  const bool high = high_.contains(file);
  const int64_t height = high ? results_.high_height : results_.height;
  const int64_t width = high ? results_.high_width : results_.width;
  FMRI2IMG_CHECK(picture.size(0) == height && picture.size(1) == width,
                 "\"{}\" is {} x {} pixels, the {} of this run are {} x {}: reconstruct again",
                 (results_.folder / file).string(),
                 picture.size(0),
                 picture.size(1),
                 high ? "high-level images" : "pictures",
                 height,
                 width);
}

}  // namespace fmri2img::evaluation
