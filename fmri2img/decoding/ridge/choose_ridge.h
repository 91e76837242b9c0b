#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "fmri2img/core/json.h"
#include "fmri2img/decoding/ridge/train_ridge.h"

namespace fmri2img::decoding {

/// Predictions for rows that the model in question was not fitted to, vertices and components chosen without them.
struct HeldOutPredictions {
  std::vector<int64_t> rows;  ///< of the data
  at::Tensor predicted;       ///< [m, D]
};

struct RidgeChoice {
  int64_t vertices;    ///< the best-encoded so many
  int64_t components;  ///< leading so many; 0: the targets themselves
  double error;        ///< cross-validated mean squared error of a target
  HeldOutPredictions held_out;
  Json candidates;  ///< every number of vertices with its best number of components and error
};

/// Chooses numbers of vertices and of target components by cross-validation.
///
/// In each fold everything is done anew on the fold's training rows: z-scores, principal components of the targets,
/// encoding scores, penalties (by GCV). The number of vertices is V, V / 2, V / 4 ... down to 64 (six candidates at
/// most), the number of components any up to 512; the pair of the lowest squared error of the targets wins.
/// Large data: at most 4,000 rows (drawn with the seed) take part, and no more folds than give 1,000 predicted rows.
///
/// Shape: responses [n, K] raw, targets [n, D].
RidgeChoice choose_ridge(const at::Tensor& responses, const at::Tensor& targets, const RidgeTrainingOptions& options);

/// `auto`, `off` and numbers of the options, checked against the data. Penalties are chosen by folds up to 2,000 rows
/// and by generalised cross-validation beyond, where it finds the same at a tenth of the cost. Throws Error (wrong
/// usage) naming option and value.
struct RidgeSettings {
  double penalty = 0;            ///< 0: chosen per target
  bool penalty_by_folds = true;  ///< false: by generalised cross-validation
  int64_t components = -1;       ///< -1: auto, 0: off
  int64_t vertices = -1;         ///< -1: auto; all: K
  int64_t folds = 10;
};
RidgeSettings parse_settings(const RidgeTrainingOptions& options, int64_t rows, int64_t vertices);

}  // namespace fmri2img::decoding
