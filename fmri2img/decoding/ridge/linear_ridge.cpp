#include "fmri2img/decoding/ridge/linear_ridge.h"

#include <ATen/ATen.h>

#include <algorithm>

namespace fmri2img::decoding {
namespace {

constexpr int64_t kTargetBlock = 2048;

at::Tensor index_of(const std::vector<int64_t>& rows) {
  return at::tensor(rows, at::kLong);
}

/// Squared error of each penalty and target over the held-out rows of every fold: [a, t].
at::Tensor fold_errors(const at::Tensor& responses,
                       const at::Tensor& targets,
                       const at::Tensor& penalties,
                       const std::vector<Fold>& folds) {
  at::Tensor errors = at::zeros({penalties.size(0), targets.size(1)}, at::kFloat);
  for (const Fold& fold : folds) {
    at::Tensor train = responses.index_select(0, index_of(fold.train));
    const at::Tensor response_mean = train.mean(0);
    train.sub_(response_mean);
    const at::Tensor train_targets = targets.index_select(0, index_of(fold.train));
    const at::Tensor target_mean = train_targets.mean(0);
    const RidgeSolver solver(train);
    const at::Tensor coordinates = solver.coordinates(train_targets - target_mean);
    const at::Tensor projected = solver.project(responses.index_select(0, index_of(fold.test)) - response_mean);
    const at::Tensor truth = targets.index_select(0, index_of(fold.test)) - target_mean;
    for (int64_t a = 0; a < penalties.size(0); ++a) {
      const at::Tensor predicted = at::mm(projected / (solver.eigenvalues() + penalties[a]), coordinates);
      errors[a].add_((truth - predicted).square_().sum(0));
    }
  }
  return errors;
}

}  // namespace

at::Tensor LinearRidge::predict(const at::Tensor& responses) const {
  const at::Tensor scores = at::mm(standardisation.apply(responses.index_select(1, vertices)), weights);
  return readout.defined() ? at::addmm(mean, scores, readout) : scores + mean;
}

at::Tensor choose_penalties(const RidgeSolver& solver,
                            const at::Tensor& responses,
                            const at::Tensor& targets,
                            const at::Tensor& coordinates,
                            const PenaltyRule& rule) {
  if (rule.value > 0) {
    return at::full({targets.size(1)}, rule.value, at::kFloat);
  }
  const at::Tensor penalties = solver.default_penalties();
  return best_penalties(rule.folds.empty() ? solver.gcv(coordinates, targets.square().sum(0), penalties)
                                           : fold_errors(responses, targets, penalties, rule.folds),
                        penalties);
}

LinearFit fit_linear_ridge(const at::Tensor& responses,
                           const at::Tensor& vertices,
                           const at::Tensor& targets,
                           const TargetComponents& components,
                           const PenaltyRule& rule) {
  LinearFit fit;
  fit.model.vertices = vertices;
  fit.model.mean = components.mean;
  at::Tensor z = responses.index_select(1, vertices);
  fit.model.standardisation = Standardisation::fit(z);
  fit.model.standardisation.apply_in_place(z);
  const RidgeSolver solver(z);
  const int64_t n = z.size(0);
  const int64_t v = z.size(1);
  const int64_t size = components.size();
  const bool keep_dual = !components.basis.defined() && solver.dual() && n * (v + size) < v * size;
  at::Tensor result = at::empty({keep_dual ? n : v, size}, at::kFloat);
  fit.penalties = at::empty({size}, at::kFloat);
  const at::Tensor scores = components.basis.defined() ? components.scores(targets) : at::Tensor();
  for (int64_t first = 0; first < size; first += kTargetBlock) {
    const int64_t count = std::min(kTargetBlock, size - first);
    const at::Tensor block = scores.defined()
                                 ? scores.narrow(1, first, count)
                                 : targets.narrow(1, first, count) - components.mean.narrow(0, first, count);
    const at::Tensor coordinates = solver.coordinates(block);
    const at::Tensor penalties = choose_penalties(solver, z, block, coordinates, rule);
    result.narrow(1, first, count)
        .copy_(keep_dual ? solver.dual_coefficients(coordinates, penalties) : solver.weights(coordinates, penalties));
    fit.penalties.narrow(0, first, count).copy_(penalties);
  }
  fit.model.weights = keep_dual ? z.t().contiguous() : result;
  fit.model.readout = keep_dual ? result : components.basis;
  return fit;
}

}  // namespace fmri2img::decoding
