#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "fmri2img/core/json.h"
#include "fmri2img/decoding/ridge/choose_ridge.h"
#include "fmri2img/decoding/ridge/target_components.h"
#include "fmri2img/io/state_dict.h"
#include "fmri2img/models/latent_codec.h"

namespace fmri2img::decoding {

struct PicturePriorSettings {
  int64_t components = 0;  ///< principal components of the pictures in which distances are taken
  double sharpness = 1;    ///< exponent of the likelihood: below 1 the mixture is wider than the errors alone make it
  double share = 1;        ///< of the mixture in the result; the rest is the linear prediction
  bool deformed = false;   ///< training pictures also turned, scaled and shifted a little
};

/// A prior over pictures that are not Gaussian (strokes, shapes), applied to a linear prediction.
///
/// The linear prediction p of a picture x, in principal components, is x plus an error whose covariance E is known from
/// held-out rows. With the training pictures x_i (and small deformations of them) as the prior's support, the posterior
/// mean of the picture is sum_i w_i x_i with w_i proportional to exp(-s / 2 (p - x_i)' E^-1 (p - x_i)): sharp where one
/// kind of picture explains the response, and a blend where several do. E is shrunk half-way to a multiple of the
/// identity, as the held-out rows may be fewer than its entries ask for.
///
/// Sources: the empirical prior is that of Naselaris et al., "Bayesian reconstruction of natural images from human
/// brain activity" (2009), the estimator is Nadaraya and Watson's (1964), deformations as "virtual examples" after
/// Niyogi, Girosi and Poggio (1998). Differs: the likelihood is that of the decoder's held-out errors, not of an
/// encoding model.
class PicturePrior {
 public:
  /// Deformations of a picture: turned by -15, 0, 15 degrees, scaled by .9, 1, 1.1, shifted by a 28th of the side (or
  /// not) in each direction.
  static constexpr int64_t kDeformations = 81;

  /// Shape: pictures [n, D] with D = C h w as `shape` says; predicted and truth [m, D]: held-out predictions of rows
  /// and the rows themselves.
  static PicturePrior fit(const at::Tensor& pictures,
                          const models::LatentShape& shape,
                          const at::Tensor& predicted,
                          const at::Tensor& truth,
                          const PicturePriorSettings& settings);

  /// The same prior with another likelihood exponent and share; nothing is copied.
  PicturePrior with(double sharpness, double share) const;

  /// [m, D] linear predictions -> [m, D]. Each row's result does not depend on the others.
  at::Tensor apply(const at::Tensor& predicted) const;

  /// Everything that `from_state` needs; deformations are made again there.
  io::StateDict state() const;
  Json config() const;
  static PicturePrior from_state(const io::StateDict& state, const Json& config, const models::LatentShape& shape);

 private:
  void prepare(const models::LatentShape& shape);

  PicturePriorSettings settings_;
  at::Tensor pictures_;  // [n, D]
  TargetComponents components_;
  at::Tensor whitening_;       // [c, c]: distances in E^-1 are Euclidean after it
  at::Tensor support_;         // [s, D] pictures and their deformations
  at::Tensor support_scores_;  // [s, c] whitened
  at::Tensor support_norms_;   // [s]
};

/// Every picture as itself and deformed: [n, D] -> [n * PicturePrior::kDeformations, D]; edges are continued outwards.
at::Tensor deform_pictures(const at::Tensor& pictures, const models::LatentShape& shape);

// NOLINTNEXTLINE(bugprone-exception-escape): moving a Json asserts, which is taken for a throw
struct PicturePriorChoice {
  std::optional<PicturePriorSettings> settings;  ///< none: the linear prediction is the better one
  double correlation = 0;                        ///< of the winner: mean over held-out rows
  double error = 0;                              ///< mean squared error of the winner
  Json candidates;                               ///< every setting with correlation, mse and (from 11 pixels on) ssim
};

/// Scores the linear prediction and every setting of the prior on the held-out rows, by folds over these: neither the
/// picture to be predicted nor its error is in the prior that predicts it. The highest mean of correlation and SSIM
/// wins (correlation alone for pictures too small for SSIM). `pictures` [n, D] are those of all training rows.
PicturePriorChoice choose_picture_prior(const at::Tensor& pictures,
                                        const models::LatentShape& shape,
                                        const HeldOutPredictions& held_out,
                                        uint64_t seed);

/// Pictures times deformations beyond which the prior is not tried: its cost is that of a product with its support.
constexpr int64_t kLargestSupportBytes = int64_t{256} << 20;

}  // namespace fmri2img::decoding
