#include "fmri2img/decoding/ridge/linear_ridge.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/interrupt.h"

namespace fmri2img::decoding {
namespace {

constexpr int64_t kTargetBlock = 2048;

at::Tensor index_of(const std::vector<int64_t>& rows) {
  return at::tensor(rows, at::kLong);
}

/// The targets that are predicted, centred, a block of columns at a time: all of them at once may not fit twice.
class TargetBlocks {
 public:
  TargetBlocks(const at::Tensor& targets, const TargetComponents& components)
      : targets_(components.basis.defined() ? components.scores(targets) : targets),
        mean_(components.basis.defined() ? at::zeros({components.size()}, at::kFloat) : components.mean) {}

  int64_t size() const { return targets_.size(1); }
  int64_t count_from(int64_t first) const { return std::min(kTargetBlock, size() - first); }
  at::Tensor from(int64_t first) const {
    return targets_.narrow(1, first, count_from(first)) - mean_.narrow(0, first, count_from(first));
  }

 private:
  at::Tensor targets_;
  at::Tensor mean_;
};

/// Adds one fold's squared errors of each penalty and target to `errors` [a, t].
void add_fold_errors(const at::Tensor& responses,
                     const TargetBlocks& targets,
                     const at::Tensor& penalties,
                     const Fold& fold,
                     at::Tensor& errors) {
  const at::Tensor test = index_of(fold.test);
  const at::Tensor train = index_of(fold.train);
  at::Tensor train_responses = responses.index_select(0, train);
  const at::Tensor response_mean = train_responses.mean(0);
  train_responses.sub_(response_mean);
  const RidgeSolver solver(train_responses);
  const at::Tensor projected = solver.project(responses.index_select(0, test) - response_mean);
  for (int64_t first = 0; first < targets.size(); first += kTargetBlock) {
    const at::Tensor block = targets.from(first);
    const at::Tensor train_targets = block.index_select(0, train);
    const at::Tensor target_mean = train_targets.mean(0);
    const at::Tensor coordinates = solver.coordinates(train_targets - target_mean);
    const at::Tensor truth = block.index_select(0, test) - target_mean;
    for (int64_t a = 0; a < penalties.size(0); ++a) {
      const at::Tensor predicted = at::mm(projected / (solver.eigenvalues() + penalties[a]), coordinates);
      errors[a].narrow(0, first, block.size(1)).add_((truth - predicted).square_().sum(0));
    }
  }
}

/// The penalty of the lowest squared error over the held-out rows of every fold, for each target.
at::Tensor penalties_by_folds(const RidgeSolver& solver,
                              const at::Tensor& responses,
                              const TargetBlocks& targets,
                              const std::vector<Fold>& folds) {
  const at::Tensor penalties = solver.default_penalties();
  at::Tensor errors = at::zeros({penalties.size(0), targets.size()}, at::kFloat);
  for (const Fold& fold : folds) {
    stop_if_interrupted("nothing was written: run the same command again");
    add_fold_errors(responses, targets, penalties, fold, errors);
  }
  return best_penalties(errors, penalties);
}

at::Tensor penalties_by_gcv(const RidgeSolver& solver, const at::Tensor& targets, const at::Tensor& coordinates) {
  const at::Tensor penalties = solver.default_penalties();
  return best_penalties(solver.gcv(coordinates, targets.square().sum(0), penalties), penalties);
}

}  // namespace

at::Tensor LinearRidge::predict(const at::Tensor& responses) const {
  const at::Tensor scores = at::mm(standardisation.apply(responses.index_select(1, vertices)), weights);
  return readout.defined() ? at::addmm(mean, scores, readout) : scores + mean;
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
  const TargetBlocks blocks(targets, components);
  at::Tensor result = at::empty({keep_dual ? n : v, size}, at::kFloat);
  fit.penalties = at::full({size}, rule.value, at::kFloat);
  if (rule.value == 0 && !rule.folds.empty()) fit.penalties = penalties_by_folds(solver, z, blocks, rule.folds);
  for (int64_t first = 0; first < size; first += kTargetBlock) {
    const at::Tensor block = blocks.from(first);
    const at::Tensor coordinates = solver.coordinates(block);
    at::Tensor penalties = fit.penalties.narrow(0, first, block.size(1));
    if (rule.value == 0 && rule.folds.empty()) penalties.copy_(penalties_by_gcv(solver, block, coordinates));
    result.narrow(1, first, block.size(1))
        .copy_(keep_dual ? solver.dual_coefficients(coordinates, penalties) : solver.weights(coordinates, penalties));
  }
  fit.model.weights = keep_dual ? z.t().contiguous() : result;
  fit.model.readout = keep_dual ? result : components.basis;
  return fit;
}

}  // namespace fmri2img::decoding
