#include "fmri2img/decoding/ridge/choose_ridge.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/interrupt.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/random.h"
#include "fmri2img/decoding/ridge/encoding_scores.h"
#include "fmri2img/decoding/ridge/folds.h"
#include "fmri2img/decoding/ridge/linear_ridge.h"

namespace fmri2img::decoding {
namespace {

constexpr int64_t kMostComponents = 512;
constexpr int64_t kMostRows = 4000;
constexpr int64_t kEnoughPredictedRows = 1000;
constexpr int64_t kFewestVertices = 64;
constexpr size_t kMostCandidates = 6;

std::vector<int64_t> vertex_candidates(const RidgeSettings& settings, int64_t vertices) {
  if (settings.vertices > 0) {
    return {settings.vertices};
  }
  std::vector<int64_t> counts{vertices};
  while (counts.size() < kMostCandidates && counts.back() / 2 >= kFewestVertices) {
    counts.push_back(counts.back() / 2);
  }
  return counts;
}

/// What one fold says about one number of vertices.
struct FoldResult {
  TargetComponents components;
  at::Tensor predicted;  // [m, size], scores of the components
  at::Tensor errors;     // [size] summed squared error with the first 1, 2 ... components; [1] without a basis
};

/// Squared error with the first 1, 2 ... components: each adds |p|^2 - 2 p.t to that of the mean.
at::Tensor cumulative_errors(const TargetComponents& components,
                             const at::Tensor& targets,
                             const at::Tensor& predicted) {
  const at::Tensor truth = components.scores(targets);
  if (!components.basis.defined()) {
    return (truth - predicted).square_().sum(at::kDouble).reshape({1});
  }
  const double of_mean = (targets - components.mean).square_().sum(at::kDouble).item<double>();
  return (predicted * (predicted - 2 * truth)).sum(at::IntArrayRef{0}, false, at::kDouble).cumsum(0).add_(of_mean);
}

/// One fold with every candidate.
std::vector<FoldResult> run_fold(const at::Tensor& responses,
                                 const at::Tensor& targets,
                                 const Fold& fold,
                                 const std::vector<int64_t>& candidates,
                                 const RidgeSettings& settings) {
  const at::Tensor train = at::tensor(fold.train, at::kLong);
  const at::Tensor test = at::tensor(fold.test, at::kLong);
  const at::Tensor train_responses = responses.index_select(0, train);
  const at::Tensor test_responses = responses.index_select(0, test);
  const at::Tensor train_targets = targets.index_select(0, train);
  const at::Tensor test_targets = targets.index_select(0, test);
  const TargetComponents all = TargetComponents::fit(train_targets, kMostComponents);
  const at::Tensor order = encoding_scores(train_responses, all.scores(train_targets)).argsort(0, /*descending=*/true);
  TargetComponents components = all;
  if (settings.components == 0) {
    components.basis = at::Tensor();
  } else if (settings.components > 0) {
    components = TargetComponents::fit(train_targets, settings.components);
  }
  std::vector<FoldResult> results;
  for (const int64_t count : candidates) {
    LinearFit fit =
        fit_linear_ridge(train_responses, order.narrow(0, 0, count), train_targets, components, {settings.penalty, {}});
    fit.model.readout = components.basis.defined() ? at::Tensor() : fit.model.readout;
    fit.model.mean = at::zeros({components.size()}, at::kFloat);
    const at::Tensor predicted = fit.model.predict(test_responses);
    results.push_back({components, predicted, cumulative_errors(components, test_targets, predicted)});
  }
  return results;
}

/// Errors of all folds, over the numbers of components that every fold has.
at::Tensor total_errors(const std::vector<std::vector<FoldResult>>& folds, size_t candidate) {
  int64_t common = folds.front()[candidate].errors.size(0);
  for (const auto& fold : folds) {
    common = std::min(common, fold[candidate].errors.size(0));
  }
  at::Tensor total = at::zeros({common}, at::kDouble);
  for (const auto& fold : folds) {
    total.add_(fold[candidate].errors.narrow(0, 0, common));
  }
  return total;
}

HeldOutPredictions collect(const std::vector<std::vector<FoldResult>>& results,
                           const std::vector<Fold>& folds,
                           size_t candidate,
                           int64_t components) {
  HeldOutPredictions held_out;
  std::vector<at::Tensor> predicted;
  for (size_t k = 0; k < results.size(); ++k) {
    const FoldResult& result = results[k][candidate];
    held_out.rows.insert(held_out.rows.end(), folds[k].test.begin(), folds[k].test.end());
    predicted.push_back(components == 0
                            ? result.components.targets(result.predicted)
                            : result.components.first(components).targets(result.predicted.narrow(1, 0, components)));
  }
  held_out.predicted = at::cat(predicted);
  return held_out;
}

/// Rows that take part, ascending.
at::Tensor participants(int64_t rows, uint64_t seed) {
  const at::Tensor order = at::randperm(rows, make_generator(seed), at::kLong);
  return std::get<0>(order.narrow(0, 0, std::min(rows, kMostRows)).sort());
}

}  // namespace

RidgeChoice choose_ridge(const at::Tensor& responses, const at::Tensor& targets, const RidgeTrainingOptions& options) {
  const RidgeSettings settings = parse_settings(options, responses.size(0), responses.size(1));
  const bool sampled = responses.size(0) > kMostRows;
  const at::Tensor chosen = participants(responses.size(0), options.seed);
  const at::Tensor some_responses = sampled ? responses.index_select(0, chosen) : responses;
  const at::Tensor some_targets = sampled ? targets.index_select(0, chosen) : targets;
  std::vector<Fold> folds = make_folds(some_responses.size(0), settings.folds, options.seed);
  const int64_t per_fold = static_cast<int64_t>(folds.front().test.size());
  folds.resize(std::min<size_t>(folds.size(), static_cast<size_t>((kEnoughPredictedRows + per_fold - 1) / per_fold)));
  const std::vector<int64_t> candidates = vertex_candidates(settings, responses.size(1));

  Progress progress("choosing vertices and components", "folds", static_cast<int64_t>(folds.size()));
  std::vector<std::vector<FoldResult>> results;
  int64_t predicted_rows = 0;
  for (const Fold& fold : folds) {
    stop_if_interrupted("nothing was written: run the same command again");
    results.push_back(run_fold(some_responses, some_targets, fold, candidates, settings));
    predicted_rows += static_cast<int64_t>(fold.test.size());
    progress.advance();
  }
  const double values = static_cast<double>(predicted_rows) * static_cast<double>(targets.size(1));
  RidgeChoice choice{.vertices = 0, .components = 0, .error = 0, .held_out = {}, .candidates = Json::array()};
  size_t best = 0;
  for (size_t i = 0; i < candidates.size(); ++i) {
    const at::Tensor errors = total_errors(results, i);
    const int64_t at = settings.components > 0 ? errors.size(0) - 1 : errors.argmin().item<int64_t>();
    const double error = errors[at].item<double>() / values;
    const int64_t components = settings.components == 0 ? 0 : at + 1;
    choice.candidates.push_back({{"vertices", candidates[i]}, {"components", components}, {"mse", error}});
    if (i == 0 || error < choice.error) {
      best = i;
      choice.vertices = candidates[i];
      choice.components = components;
      choice.error = error;
    }
  }
  choice.held_out = collect(results, folds, best, choice.components);
  for (int64_t& row : choice.held_out.rows) {
    row = chosen[row].item<int64_t>();
  }
  return choice;
}

}  // namespace fmri2img::decoding
