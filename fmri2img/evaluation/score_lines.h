#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fmri2img/evaluation/picture_choice.h"
#include "fmri2img/reconstruction/results.h"

namespace fmri2img::evaluation {

enum class LineRole { kAnswer, kBaseline, kOther };

/// A line of the table before it is measured: one picture a trial, in the order of the answer's trials.
struct PlannedLine {
  std::string name;
  LineRole role = LineRole::kOther;
  std::vector<std::string> files;     ///< as PictureReader takes them
  std::vector<std::string> captions;  ///< what the pictures were made to show; empty where nothing
  bool networks = true;               ///< to be looked at by the networks, whether or not another line asks for it
};

struct LinePlan {
  std::vector<PlannedLine> lines;  ///< the answer first
  std::vector<std::string> notes;  ///< what is missing, and why
};

struct LinePlanOptions {
  uint64_t seed = 42;         ///< of the random training pictures
  bool all_networks = false;  ///< networks look at lines of single models too
};

/// The answer (the first choice), "low_level_only" (of an answer that is not low-level itself),
/// "random_training_picture", the other choices, and "vote <name>" for each vote that the run computed besides its own.
/// Throws Error (bad input) if a choice lacks a trial of the answer's, or has one more.
LinePlan plan_lines(const reconstruction::Results& results,
                    const std::vector<PictureChoice>& choices,
                    const LinePlanOptions& options);

}  // namespace fmri2img::evaluation
