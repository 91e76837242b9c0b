#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "fmri2img/data/pictures.h"
#include "fmri2img/models/latent_codec.h"
#include "fmri2img/reconstruction/ensemble/members.h"
#include "fmri2img/reconstruction/trials.h"

namespace fmri2img::reconstruction {

/// A trial whose picture some member was trained on, and the training picture that it is.
struct SeenPicture {
  int64_t trial = 0;
  std::string picture;              ///< its id; empty for a subject without pictures
  int64_t training_row = 0;         ///< of the training split
  std::string training_picture;     ///< its file's name; empty for a subject without pictures
  std::string how;                  ///< kSameRow, kSameFile or kNearCopy
  double similarity = 1;            ///< of a near copy, see `data::find_near_copies`
  std::vector<std::string> models;  ///< the members that were trained on it
};

inline constexpr const char* kSameRow = "same row";
inline constexpr const char* kSameFile = "same file";  ///< another row, whose picture's file has the same content
inline constexpr const char* kNearCopy = "near copy";  ///< another row, whose picture looks the same

/// What of `trials` the members were trained on: by row, by content of the file, and by look, so that a picture shown
/// again under another name, saved again, resized or brightened counts too. Trial by trial, training row by training
/// row. Validation rows, which only stop or choose a training, do not count.
/// Throws Error naming the file if a picture cannot be read.
std::vector<SeenPicture> find_seen_pictures(const data::Subject& subject,
                                            const Trials& trials,
                                            const std::vector<Member>& members);

inline constexpr const char* kSeenPicturesFile = "seen_pictures.jsonl";

/// `seen_pictures.jsonl` in the results folder: one object a line (doc/formats/results.md).
void write_seen_pictures(const std::filesystem::path& folder, const std::vector<SeenPicture>& seen);

/// Throws Error if the file is damaged. Empty where there is none: earlier versions recorded no reasons.
std::vector<SeenPicture> read_seen_pictures(const std::filesystem::path& folder);

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
