#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fmri2img/evaluation/picture_choice.h"
#include "fmri2img/evaluation/picture_scores.h"
#include "fmri2img/evaluation/protocol.h"
#include "fmri2img/reconstruction/results.h"
#include "fmri2img/statistics/bootstrap.h"

namespace fmri2img::evaluation {

struct EvaluationOptions {
  Protocol protocol;
  bool allow_training_rows = false;  ///< score pictures that the model was trained on; the report says so
  int64_t among = 0;                 ///< n of n-way identification; 0: all images
  uint64_t seed = 42;                ///< of the bootstrap, of the drawn distractors and of the chance pairs
};

/// The mean of one score over images; no interval where it is defined for none of them.
struct Score {
  std::string name;  ///< "pixel_correlation"
  std::optional<statistics::Interval> interval;
  int64_t undefined = 0;  ///< images left out because the score is not defined for them
};

/// One image, scored.
struct ScoredImage {
  reconstruction::ResultRow row;
  PictureScores scores;
  std::optional<double> identification;  ///< none with one image alone
};

/// A named line of the table.
struct ScoreLine {
  std::string name;
  std::vector<Score> scores;
};

struct Evaluation {
  std::string model;  ///< what was scored: the model's name, "92 low", "92 high" or "voted"
  Protocol protocol;
  uint64_t seed = 0;
  int64_t among = 0;                    ///< n of n-way identification; 0 where there was none
  int64_t training_rows = 0;            ///< images that any model of the run was trained on
  std::vector<std::string> trained_on;  ///< their names, with the reasons
  std::vector<ScoredImage> images;
  ScoreLine model_scores;            ///< named after the model
  std::vector<ScoreLine> baselines;  ///< "mean_training_picture" (where there is one) and "chance"
  std::vector<ScoreLine> others;     ///< pixel scores of everything else that the run made; see `score_others`
  std::vector<std::string> notes;    ///< sentences that belong to the figures
};

/// Scores one choice of a run's pictures. High-level images of another size than the targets are brought to theirs
/// first (bilinear, antialiased), and a note says so.
///
/// Baselines, scored alike: the mean training picture against every target; chance: each reconstruction against targets
/// of other images (seeded; up to 1,000 pairs in all) and 1/2 or 1/n for identification.
/// Throws Error (mismatch) if any model of the run was trained on some of the pictures and that is not allowed, Error
/// (bad input) for a missing or wrong-sized picture, or where targets are missing.
Evaluation evaluate(const reconstruction::Results& results,
                    const PictureChoice& choice,
                    const EvaluationOptions& options);

/// Adds the pixel scores of the other choices to `evaluation`. The leak guard looks at each.
void score_others(Evaluation& evaluation,
                  const reconstruction::Results& results,
                  const std::vector<PictureChoice>& others,
                  const EvaluationOptions& options);

}  // namespace fmri2img::evaluation
