#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "fmri2img/evaluation/metric_networks.h"
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
  uint64_t seed = 42;                ///< of the bootstrap and of everything that is drawn
  bool csls = false;                 ///< retrieval by CSLS instead of by the cosine
  bool all_networks = false;         ///< networks look at every model's pictures, not at the answer and baselines only
};

/// The mean of one score over images; no interval where it is defined for none of them.
struct Score {
  std::string name;  ///< "pixel_correlation"
  std::optional<statistics::Interval> interval = {};
  int64_t undefined = 0;  ///< images left out because the score is not defined for them

  /// Of retrieval: as the field publishes it, from the means of the draws (`statistics::draws_interval`).
  std::optional<statistics::Interval> over_draws = {};
};

/// One image, scored.
struct ScoredImage {
  reconstruction::ResultRow row;
  PictureScores scores;
  std::optional<double> identification;    ///< none with one image alone
  std::map<std::string, double> networks;  ///< by score; NaN where one is not defined
  std::string target_caption;              ///< BLIP's; empty where nobody asked
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
  int64_t constant_targets = 0;         ///< images that identification leaves out
  int64_t training_rows = 0;            ///< images that any model of the run was trained on
  std::vector<std::string> trained_on;  ///< their names, with the reasons
  std::vector<ScoredImage> images;
  ScoreLine model_scores;            ///< named after the model
  std::vector<ScoreLine> baselines;  ///< "mean_training_picture", "random_training_picture", "low_level_only", "chance"
  std::vector<ScoreLine> others;     ///< what else the run made, and "vote <name>" for each vote but the answer's
  std::vector<NetworkFile> networks;      ///< the weights behind the figures
  std::vector<NotComputed> not_computed;  ///< scores without figures, and why
  bool csls = false;                      ///< how retrieval ranked
  std::vector<std::string> notes;         ///< sentences that belong to the figures
};

/// Scores the first of a run's choices of pictures, the answer, with its baselines, and then the others. A protocol
/// that resizes gets targets as they were shown and high-level images at their own size; for `native` both are brought
/// to the low-level pictures' size first (bilinear, antialiased), and a note says so.
///
/// Baselines, scored alike: the mean training picture, and a random training picture for each trial (where the run's
/// subject is still there); the answer's low-level pictures; chance: each answer against targets of other images
/// (seeded; up to 1,000 pairs in all, of LPIPS one an image), 1/2 or 1/n for identification, 1/pool for retrieval.
/// Throws Error (mismatch) if any model of the run was trained on some of the pictures and that is not allowed, Error
/// (bad input) for a missing or wrong-sized picture, a choice that lacks a trial, or where targets are missing.
Evaluation evaluate(const reconstruction::Results& results,
                    const std::vector<PictureChoice>& choices,
                    const EvaluationOptions& options,
                    const MetricNetworks& networks);

}  // namespace fmri2img::evaluation
