#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "fmri2img/data/pictures.h"
#include "fmri2img/models/latent_codec.h"

namespace fmri2img::reconstruction {

/// For each of `rows` of `pictures`: is the same picture among `trained` of `training_pictures`? By file content, so
/// that a picture shown again under another name counts too.
std::vector<bool> find_seen_pictures(const data::Pictures& pictures,
                                     const std::vector<int64_t>& rows,
                                     const data::Pictures& training_pictures,
                                     const std::vector<int64_t>& trained);

/// One picture at the size of the codec: as it is where it has that size, else resized (bilinear, antialiased, on float
/// values) and rounded. uint8 [H, W, 3] -> uint8 [h, w, 3].
at::Tensor at_codec_size(const at::Tensor& picture, const models::PictureSize& size);

/// Pictures that a mean is taken over at most; more cost minutes and change nothing that can be seen.
inline constexpr int64_t kMostInMean = 2000;

struct MeanPicture {
  at::Tensor picture;  ///< uint8 [h, w, 3]
  int64_t count = 0;
};

/// Mean of `rows` of `pictures` at the size of the codec; of kMostInMean evenly spaced ones where there are more. Calls
/// `after_each` after each picture.
MeanPicture mean_picture(const data::Pictures& pictures,
                         const std::vector<int64_t>& rows,
                         const models::PictureSize& size,
                         const std::function<void()>& after_each);

}  // namespace fmri2img::reconstruction
