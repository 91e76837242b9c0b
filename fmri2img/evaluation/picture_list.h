#pragma once

#include <string>
#include <vector>

#include "fmri2img/evaluation/protocol.h"
#include "fmri2img/reconstruction/results.h"

namespace fmri2img::evaluation {

/// Results that hold the pictures of a list and no others.
struct ListedResults {
  reconstruction::Results results;
  std::string note;  ///< which list, and how many other pictures of the run were left out
};

/// Cuts results down to the pictures that `file` lists (`data::read_picture_ids`): what a benchmark is scored on.
/// Throws Error as that, and (mismatch) naming pictures of the list that were not reconstructed.
ListedResults keep_listed(const reconstruction::Results& results, const std::string& file);

/// What to say where the number of images is the published one but nobody said which pictures they are; else empty.
std::string note_unlisted(const Protocol& protocol, size_t images);

}  // namespace fmri2img::evaluation
