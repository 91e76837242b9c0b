#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "fmri2img/data/pictures.h"

namespace fmri2img::data {

/// Pictures from afar: thumbnails by which copies of a picture are found whatever was done to the file.
struct PicturePrints {
  at::Tensor thumbnails;  ///< uint8 [N, 16 x 16 x 3], RGB; bilinear and antialiased
  at::Tensor plain;       ///< bool [N]: too small or too flat to be compared by correlation
};

/// Pictures with a side below this hold too little to tell a copy from a look-alike: two handwritten ones of 28 pixels
/// correlate as a photograph and its copy do.
inline constexpr int64_t kSmallestPrinted = 48;

/// Standard deviation of a thumbnail's grey, of 255, below which correlation measures noise.
inline constexpr double kFlattestPrinted = 8;

/// Similarity from which on two pictures are one. Measured (tests/unit/data/picture_prints_test.cpp does it again in
/// small): among 20,000 drawn scenes of 64 pixels the most alike pair of 200 million has .977; among 1,000 tiles of
/// photographs .949. Copies saved as JPEG of quality 50 or better, halved, doubled, resized to odd sizes or with values
/// raised by 12 have more than .985; of those 10 % brighter, which clips what is bright, and of those resized,
/// brightened and saved as JPEG together, 99 in 100 do.
inline constexpr double kNearCopySimilarity = 0.985;

/// The prints of all `pictures`, in row order.
///
/// Decodes in parallel, with progress: 10,000 pictures of 425 x 425 take about 30 s on two cores. So they are kept
/// beside the pictures' folder, as `.NAME.prints.safetensors`, with the names, sizes and times of the files that they
/// are of; where nothing may be written there, they are made again each time.
/// Throws Error naming the first picture that cannot be read, and (interrupted) if the user asked to stop.
PicturePrints picture_prints(const Pictures& pictures);

/// The print of one picture. uint8 [H, W, 3] -> thumbnails [1, 768], plain [1].
PicturePrints picture_print(const at::Tensor& picture);

/// The prints of `count` pictures in a row, `picture(0)` to `picture(count - 1)`, which are called for in parallel.
PicturePrints picture_prints(int64_t count, const std::function<at::Tensor(int64_t)>& picture);

struct NearCopy {
  int64_t row = 0;        ///< of `prints`
  int64_t other = 0;      ///< of `others`
  double similarity = 0;  ///< kNearCopySimilarity .. 1
};

/// Every pair of a row of `rows` and one of `other_rows` that show one picture, ascending.
///
/// The similarity is the smaller of two Pearson correlations of the thumbnails: over the grey values, and over the
/// values of all three channels. It does not see brightness and contrast. Plain pictures are copies where their
/// thumbnails are equal. Mirrored and cropped pictures are not found.
/// Cost: two matrix products in blocks; 1,000 against 10,000 rows take well below a second.
std::vector<NearCopy> find_near_copies(const PicturePrints& prints,
                                       const std::vector<int64_t>& rows,
                                       const PicturePrints& others,
                                       const std::vector<int64_t>& other_rows);

}  // namespace fmri2img::data
