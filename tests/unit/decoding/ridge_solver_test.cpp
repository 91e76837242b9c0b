#include "fmri2img/decoding/ridge/ridge_solver.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "fmri2img/core/random.h"
#include "fmri2img/decoding/ridge/folds.h"
#include "fmri2img/decoding/ridge/linear_ridge.h"

namespace fmri2img::decoding {
namespace {

at::Tensor normal(const std::vector<int64_t>& shape, uint64_t seed) {
  return at::randn(shape, make_generator(seed), at::kFloat);
}

at::Tensor centred(const at::Tensor& x) {
  return x - x.mean(0);
}

/// (Z'Z + a I)^-1 Z'y by definition, in double precision.
at::Tensor reference_weights(const at::Tensor& responses, const at::Tensor& targets, double penalty) {
  const at::Tensor z = responses.to(at::kDouble);
  const at::Tensor normal_matrix = at::mm(z.t(), z) + at::eye(z.size(1), z.options()) * penalty;
  return at::linalg_solve(normal_matrix, at::mm(z.t(), targets.to(at::kDouble)));
}

double relative_error(const at::Tensor& found, const at::Tensor& expected) {
  return ((found.to(at::kDouble) - expected).norm() / expected.norm()).item<double>();
}

TEST(RidgeSolver, SolvesTheNormalEquationsInBothForms) {
  for (const auto& [n, v] : {std::pair<int64_t, int64_t>{40, 300}, {300, 40}, {50, 50}}) {
    const at::Tensor z = centred(normal({n, v}, 1));
    const at::Tensor y = centred(normal({n, 7}, 2));
    const RidgeSolver solver(z);
    EXPECT_EQ(solver.dual(), n <= v);
    const at::Tensor coordinates = solver.coordinates(y);
    for (const double penalty : {3.0, 100.0}) {
      const at::Tensor weights = solver.weights(coordinates, at::full({7}, penalty, at::kFloat));
      EXPECT_LT(relative_error(weights, reference_weights(z, y, penalty)), 1e-4) << n << " x " << v << ", " << penalty;
      const at::Tensor fresh = normal({5, v}, 3);
      const at::Tensor through_projection =
          at::mm(solver.project(fresh) / (solver.eigenvalues() + penalty), coordinates);
      EXPECT_LT(relative_error(through_projection, at::mm(fresh, weights).to(at::kDouble)), 1e-4);
    }
  }
}

// GCV by its definition: the hat matrix is formed and its trace taken.
TEST(RidgeSolver, GcvIsThatOfTheHatMatrix) {
  for (const auto& [n, v] : {std::pair<int64_t, int64_t>{30, 80}, {80, 30}}) {
    const at::Tensor z = centred(normal({n, v}, 4));
    const at::Tensor y = centred(normal({n, 3}, 5));
    const RidgeSolver solver(z);
    const at::Tensor penalties = at::tensor({5.0f, 60.0f});
    const at::Tensor scores = solver.gcv(solver.coordinates(y), y.square().sum(0), penalties);
    const at::Tensor zd = z.to(at::kDouble);
    for (int64_t a = 0; a < 2; ++a) {
      const at::Tensor hat =
          at::mm(
              zd,
              at::linalg_solve(at::mm(zd.t(), zd) + at::eye(v, zd.options()) * penalties[a].item<double>(), zd.t())) +
          1.0 / static_cast<double>(n);
      const at::Tensor residual = y.to(at::kDouble) - at::mm(hat, y.to(at::kDouble));
      const double freedom = 1 - hat.trace().item<double>() / static_cast<double>(n);
      const at::Tensor expected = residual.square().mean(0) / (freedom * freedom);
      EXPECT_LT(relative_error(scores[a], expected), 1e-4);
    }
  }
}

TEST(RowGram, EqualsTheProductWhereBlocksAreUneven) {
  const at::Tensor rows = normal({1301, 17}, 6);
  EXPECT_LT((row_gram(rows) - at::mm(rows, rows.t())).abs().max().item<double>(), 1e-4);
}

TEST(LinearRidge, PrimalAndDualFormsPredictTheSame) {
  const at::Tensor responses = normal({60, 200}, 7) * 3 + 5;
  const at::Tensor targets = normal({60, 60}, 8);
  const TargetComponents as_they_are = TargetComponents::fit(targets, 0);
  const at::Tensor all = at::arange(200, at::kLong);
  const LinearFit dual = fit_linear_ridge(
      responses, all, targets.repeat({1, 5}), TargetComponents::fit(targets.repeat({1, 5}), 0), {50, {}});
  const LinearFit primal = fit_linear_ridge(responses, all, targets, as_they_are, {50, {}});
  EXPECT_TRUE(dual.model.readout.defined());
  EXPECT_FALSE(primal.model.readout.defined());
  const at::Tensor fresh = normal({4, 200}, 9) * 3 + 5;
  EXPECT_LT((dual.model.predict(fresh).narrow(1, 0, 60) - primal.model.predict(fresh)).abs().max().item<double>(),
            1e-4);
}

TEST(LinearRidge, IgnoresVerticesThatDoNotVary) {
  at::Tensor responses = normal({30, 12}, 10);
  const at::Tensor targets = normal({30, 2}, 11);
  responses.select(1, 5).fill_(7);
  const at::Tensor all = at::arange(12, at::kLong);
  const LinearFit fit = fit_linear_ridge(responses, all, targets, TargetComponents::fit(targets, 0), {1, {}});
  at::Tensor moved = responses.clone();
  moved.select(1, 5).fill_(1000);
  EXPECT_TRUE(at::equal(fit.model.predict(moved), fit.model.predict(responses)));
}

TEST(LinearRidge, FoldsAndGcvFindTheNoiseLevel) {
  const at::Tensor responses = normal({200, 50}, 12);
  const at::Tensor signal = at::mm(responses, normal({50, 2}, 13));
  at::Tensor targets = signal + normal({200, 2}, 14) * at::tensor({0.01f, 100.0f});
  targets = centred(targets);
  const at::Tensor all = at::arange(50, at::kLong);
  for (const std::vector<Fold>& folds : {std::vector<Fold>{}, make_folds(200, 5, 1)}) {
    const LinearFit fit = fit_linear_ridge(responses, all, targets, TargetComponents::fit(targets, 0), {0, folds});
    EXPECT_LT(fit.penalties[0].item<float>(), 10) << "a target without noise";
    EXPECT_GT(fit.penalties[1].item<float>(), 100) << "a target of noise";
  }
}

TEST(Folds, DealEveryRowOnce) {
  const std::vector<Fold> folds = make_folds(23, 5, 3);
  std::vector<int> seen(23, 0);
  for (const Fold& fold : folds) {
    EXPECT_EQ(fold.train.size() + fold.test.size(), 23);
    EXPECT_GE(fold.test.size(), 4);
    for (const int64_t row : fold.test) {
      ++seen[static_cast<size_t>(row)];
    }
  }
  EXPECT_EQ(seen, std::vector<int>(23, 1));
}

}  // namespace
}  // namespace fmri2img::decoding
