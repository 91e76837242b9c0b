#pragma once

#include <string>
#include <vector>

#include "fmri2img/reconstruction/results.h"

namespace fmri2img::evaluation {

/// Which pictures of a run are scored: of one model at one level, or the voted high-level images.
struct PictureChoice {
  enum class Level { kLow, kHigh, kVoted };
  Level level = Level::kLow;
  std::string model;  ///< empty for the voted ones
};

/// Everything that a run made, the answer first: the voted images where there was a vote, then the low-level pictures
/// and the high-level images of each model.
std::vector<PictureChoice> picture_choices(const reconstruction::Results& results);

/// The choice's name in tables: "voted", "92 low", "92 high", or the model's alone in a run without high-level images.
std::string choice_name(const reconstruction::Results& results, const PictureChoice& choice);

/// One row a trial. A voted image counts as trained on where any model was: all of them had a say.
/// Throws Error if there is none.
std::vector<reconstruction::ResultRow> rows_of(const reconstruction::Results& results, const PictureChoice& choice);

/// The member of a row that names the chosen picture.
using PictureFile = std::string reconstruction::ResultRow::*;
PictureFile file_of(const PictureChoice& choice);

}  // namespace fmri2img::evaluation
