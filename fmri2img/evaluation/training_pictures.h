#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "fmri2img/data/pictures.h"
#include "fmri2img/reconstruction/results.h"

namespace fmri2img::evaluation {

/// What a run's first decoder was trained on.
struct TrainingPictures {
  data::Pictures pictures;
  std::vector<int64_t> rows;
};

struct FoundTrainingPictures {
  std::optional<TrainingPictures> found;
  std::string reason;  ///< why there are none: a sentence
};

/// Goes from the results' manifest to the subject and to the decoder's record, both where they were when the run was
/// made; the subject must still have the responses that the manifest names.
FoundTrainingPictures find_training_pictures(const reconstruction::Results& results);

/// A seeded random training picture for each of `count` trials, drawn with replacement.
std::vector<std::string> random_training_files(const TrainingPictures& training, int64_t count, uint64_t seed);

}  // namespace fmri2img::evaluation
