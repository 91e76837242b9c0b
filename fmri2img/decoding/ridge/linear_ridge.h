#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "fmri2img/decoding/ridge/folds.h"
#include "fmri2img/decoding/ridge/ridge_solver.h"
#include "fmri2img/decoding/ridge/standardisation.h"
#include "fmri2img/decoding/ridge/target_components.h"

namespace fmri2img::decoding {

/// A fitted ridge: responses -> z-scores of the chosen vertices -> `weights` -> `readout` -> plus `mean`.
///
/// Two factors hold every form in the least memory: with target components they are the primal weights and the
/// components; without them the primal weights alone, or, where that is smaller, the training responses themselves and
/// the dual coefficients.
struct LinearRidge {
  at::Tensor vertices;  ///< [v] int64: which of the decoder's K columns
  Standardisation standardisation;
  at::Tensor weights;  ///< [v, c] float32
  at::Tensor readout;  ///< [c, D] float32; undefined: c is D
  at::Tensor mean;     ///< [D] float32

  /// [m, K] raw responses -> [m, D].
  at::Tensor predict(const at::Tensor& responses) const;
};

/// How penalties are chosen: a given number, or by GCV, or by k folds.
struct PenaltyRule {
  double value = 0;         ///< 0: chosen per target
  std::vector<Fold> folds;  ///< empty: by GCV
};

struct LinearFit {
  LinearRidge model;
  at::Tensor penalties;  ///< [c] float32: one for each component (or target)
};

/// Fits the targets' `components` on the given vertices of `responses` [n, K], all of it on all n rows.
/// Targets without a basis go in blocks, so that no more than the coefficients of all of them is ever in memory.
LinearFit fit_linear_ridge(const at::Tensor& responses,
                           const at::Tensor& vertices,
                           const at::Tensor& targets,
                           const TargetComponents& components,
                           const PenaltyRule& rule);

}  // namespace fmri2img::decoding
