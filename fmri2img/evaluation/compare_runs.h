#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fmri2img/core/json.h"
#include "fmri2img/evaluation/score_table.h"
#include "fmri2img/statistics/bootstrap.h"

namespace fmri2img::evaluation {

/// Throws Error (mismatch) unless both are of one subject, split and protocol, and of the same trials and pictures; the
/// message names those that only one has.
void require_comparable(const ScoreTable& first, const ScoreTable& second);

/// One score of both runs over the images for which both have it, and the paired difference, first minus second.
struct ScoreDifference {
  std::string name;
  int64_t images = 0;
  double first = 0;                                ///< mean
  double second = 0;                               ///< mean
  std::optional<statistics::Interval> difference;  ///< none where there are no images
};

struct RunComparison {
  std::string first, second;  ///< "results (voted)"
  std::string preset;
  std::string protocol;  ///< `Protocol::label`
  int64_t images = 0;
  std::vector<ScoreDifference> scores;
  std::vector<std::string> notes;
};

/// Compares two runs image by image: the mean difference of each score that both have, with its 95 % bootstrap interval
/// over images (`statistics::bootstrap_mean` of the differences). The interval of a paired difference is narrower than
/// what the two runs' own intervals suggest, because pictures that are hard for one run are hard for the other.
/// A score whose weights differ, or retrieval that ranks in another way, is left out with a note.
///
/// Throws Error as `require_comparable`.
RunComparison compare_runs(const ScoreTable& first, const ScoreTable& second, uint64_t seed);

Json to_json(const RunComparison& comparison);
std::string to_table(const RunComparison& comparison);

/// `comparison_<name of the second's folder>.json` in the first's folder; with
/// `Protocol::file_suffix` at the end.
void write_comparison(const ScoreTable& first, const ScoreTable& second, const RunComparison& comparison);

}  // namespace fmri2img::evaluation
