#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "fmri2img/experiments/roi_parts.h"
#include "fmri2img/findings/finding.h"
#include "fmri2img/reconstruction/voting/encoding_model.h"

namespace fmri2img::experiments {

/// Every vertex of a subject beside its noise ceiling; tensors are [V] double.
struct EncodingScores {
  at::Tensor ceilings;
  at::Tensor
      correlations;       ///< Pearson, over pictures, of predicted and measured responses; 0 where nothing is predicted
  at::Tensor normalised;  ///< `normalised_scores`, in per cent
  at::Tensor resampled_correlations;  ///< [R, V] float32: over pictures drawn with replacement, for the intervals
};

/// Shape: embeddings [n, D] and responses [n, V] of the same pictures, which the model was not fitted on; ceilings [V].
/// Vertices that the model leaves out are not predicted. Randomness: the bootstrap draws 1,000 times with seed 42.
/// REQUIRES: n >= 3 (Error): fewer pictures correlate by chance.
EncodingScores score_encoding(const reconstruction::EncodingModel& model,
                              const at::Tensor& embeddings,
                              const at::Tensor& responses,
                              const at::Tensor& ceilings);

/// What the report says about the run.
struct EncodingSetting {
  int64_t training_pictures = 0;
  int64_t pictures = 0;             ///< scored
  std::string rows;                 ///< "test rows", "held-out rows"
  std::string ceilings;             ///< where they are from
  std::vector<int64_t> hemisphere;  ///< vertices of each: {left, right}, or one number
};

/// One line a vertex: vertex, hemisphere, ceiling, correlation, normalised_score.
std::string vertices_csv(const EncodingScores& scores, const EncodingSetting& setting);

/// One line a region and hemisphere, all vertices first: roi, hemisphere, vertices, ceiling, correlation,
/// normalised_score, and the ends of the 95 % intervals of the last two.
///
/// Intervals: bootstrap over pictures, vertices and ceilings fixed. Drawing a picture twice raises squared
/// correlations, so the percentiles of the resampled means are moved by what their mean exceeds the figure.
std::string regions_csv(const EncodingScores& scores, const std::vector<RoiPart>& parts);

/// `parts` may be empty: a subject without ROI files.
findings::Finding noise_ceiling_finding(const EncodingScores& scores,
                                        const std::vector<RoiPart>& parts,
                                        const EncodingSetting& setting);

}  // namespace fmri2img::experiments
