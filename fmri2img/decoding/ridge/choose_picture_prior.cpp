#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/decoding/ridge/folds.h"
#include "fmri2img/decoding/ridge/picture_prior.h"
#include "fmri2img/statistics/correlation.h"
#include "fmri2img/statistics/ssim.h"

namespace fmri2img::decoding {
namespace {

constexpr double kSharpnesses[] = {0.25, 0.5, 1, 2};
constexpr double kShares[] = {0.5, 1};
constexpr int64_t kComponents[] = {10, 15, 20, 30, 45};

struct Scores {
  double correlation = 0;
  double error = 0;
  double ssim = 0;  // NaN where it is not defined
  double total() const { return std::isnan(ssim) ? correlation : (correlation + ssim) / 2; }

  /// Adds the scores of a part of the rows.
  void add(const Scores& part, double share) {
    correlation += share * part.correlation;
    error += share * part.error;
    ssim += share * part.ssim;
  }
};

Scores score(const at::Tensor& predicted, const at::Tensor& truth, const models::LatentShape& shape) {
  const at::Tensor shown = predicted.clamp(0, 1);
  const double correlation = at::nan_to_num(statistics::pearson_rows(shown, truth), 0.0).mean().item<double>();
  const double error = (shown - truth).square_().mean().item<double>();
  if (std::min(shape.height, shape.width) < statistics::kSsimWindow) {
    return {correlation, error, std::nan("")};
  }
  const std::vector<int64_t> image{-1, shape.channels, shape.height, shape.width};
  const at::Tensor a = shown.reshape(image).mean(1);
  const at::Tensor b = truth.reshape(image).mean(1);
  double ssim = 0;
  for (int64_t i = 0; i < a.size(0); ++i) {
    ssim += statistics::ssim(a[i], b[i]) / static_cast<double>(a.size(0));
  }
  return {correlation, error, ssim};
}

std::vector<PicturePriorSettings> prior_candidates(int64_t rows, int64_t values) {
  std::vector<PicturePriorSettings> candidates;
  for (const bool deformed : {false, true}) {
    if (rows * values * 4 * (deformed ? PicturePrior::kDeformations : 1) > kLargestSupportBytes) {
      continue;
    }
    for (const int64_t components : kComponents) {
      if (components > std::min(rows / 2, values)) {
        break;
      }
      for (const double sharpness : kSharpnesses) {
        for (const double share : kShares) {
          candidates.push_back({components, sharpness, share, deformed});
        }
      }
    }
  }
  return candidates;
}

/// Scores of the prior's held-out predictions, for each of `candidates`. What a fold predicts is scored and let go.
std::vector<Scores> score_in_folds(const at::Tensor& pictures,
                                   const models::LatentShape& shape,
                                   const HeldOutPredictions& held_out,
                                   const at::Tensor& truth,
                                   const std::vector<Fold>& folds,
                                   const std::vector<PicturePriorSettings>& candidates) {
  std::vector<Scores> results(candidates.size());
  Progress progress("choosing the picture prior", "folds", static_cast<int64_t>(folds.size()));
  for (const Fold& fold : folds) {
    stop_if_interrupted("nothing was written: run the same command again");
    at::Tensor keep = at::ones({pictures.size(0)}, at::kBool);
    for (const int64_t i : fold.test) {
      keep[held_out.rows[static_cast<size_t>(i)]] = false;
    }
    const at::Tensor train = at::tensor(fold.train, at::kLong);
    const at::Tensor test = at::tensor(fold.test, at::kLong);
    const at::Tensor kept = pictures.index_select(0, at::nonzero(keep).squeeze(1));
    const at::Tensor predicted = held_out.predicted.index_select(0, train);
    const at::Tensor actual = truth.index_select(0, train);
    const at::Tensor asked = held_out.predicted.index_select(0, test), shown = truth.index_select(0, test);
    const double share = static_cast<double>(test.size(0)) / static_cast<double>(truth.size(0));
    std::optional<PicturePrior> prior;
    for (size_t i = 0; i < candidates.size(); ++i) {
      const PicturePriorSettings& now = candidates[i];
      const bool same_support =
          prior && candidates[i - 1].deformed == now.deformed && candidates[i - 1].components == now.components;
      prior =
          same_support ? prior->with(now.sharpness, now.share) : PicturePrior::fit(kept, shape, predicted, actual, now);
      results[i].add(score(prior->apply(asked), shown, shape), share);
    }
    progress.advance();
  }
  return results;
}

Json describe(const Scores& scores) {
  Json json = {{"correlation", scores.correlation}, {"mse", scores.error}};
  if (!std::isnan(scores.ssim)) {
    json["ssim"] = scores.ssim;
  }
  return json;
}

}  // namespace

PicturePriorChoice choose_picture_prior(const at::Tensor& pictures,
                                        const models::LatentShape& shape,
                                        const HeldOutPredictions& held_out,
                                        uint64_t seed) {
  const auto m = static_cast<int64_t>(held_out.rows.size());
  const at::Tensor truth = pictures.index_select(0, at::tensor(held_out.rows, at::kLong));
  Scores best = score(held_out.predicted, truth, shape);
  PicturePriorChoice choice;
  choice.candidates = Json::array({describe(best)});
  choice.candidates[0]["prior"] = nullptr;
  const std::vector<Fold> folds = make_folds(m, std::min<int64_t>(10, m), seed);
  const std::vector<PicturePriorSettings> candidates = prior_candidates(pictures.size(0), pictures.size(1));
  const std::vector<Scores> scored = score_in_folds(pictures, shape, held_out, truth, folds, candidates);
  for (size_t i = 0; i < candidates.size(); ++i) {
    const PicturePriorSettings& settings = candidates[i];
    const Scores& scores = scored[i];
    Json json = describe(scores);
    json["prior"] = {{"components", settings.components},
                     {"sharpness", settings.sharpness},
                     {"share", settings.share},
                     {"deformed", settings.deformed}};
    choice.candidates.push_back(json);
    if (scores.total() > best.total()) {
      best = scores;
      choice.settings = settings;
    }
  }
  choice.correlation = best.correlation;
  choice.error = best.error;
  return choice;
}

}  // namespace fmri2img::decoding
