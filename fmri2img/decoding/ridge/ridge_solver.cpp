#include "fmri2img/decoding/ridge/ridge_solver.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "fmri2img/core/check.h"

namespace fmri2img::decoding {
namespace {

constexpr int64_t kGramBlocks = 8;  // 36 of 64 blocks are computed

/// C_ij / (l_i + a_j): the filtered coordinates.
at::Tensor filter(const at::Tensor& coordinates, const at::Tensor& eigenvalues, const at::Tensor& penalties) {
  return coordinates / (eigenvalues.unsqueeze(1) + penalties.unsqueeze(0));
}

}  // namespace

at::Tensor row_gram(const at::Tensor& rows) {
  const int64_t n = rows.size(0);
  const int64_t block = std::max<int64_t>(256, (n + kGramBlocks - 1) / kGramBlocks);
  at::Tensor gram = at::empty({n, n}, rows.options());
  for (int64_t first = 0; first < n; first += block) {
    const int64_t count = std::min(block, n - first);
    // One product for the whole block row right of the diagonal keeps the kernel busy.
    at::Tensor upper = gram.narrow(0, first, count).narrow(1, first, n - first);
    upper.copy_(at::mm(rows.narrow(0, first, count), rows.narrow(0, first, n - first).t()));
    if (first + count < n) {
      gram.narrow(0, first + count, n - first - count)
          .narrow(1, first, count)
          .copy_(upper.narrow(1, count, n - first - count).t());
    }
  }
  return gram;
}

at::Tensor best_penalties(const at::Tensor& scores, const at::Tensor& penalties) {
  return penalties.index_select(0, scores.argmin(0));
}

RidgeSolver::RidgeSolver(at::Tensor responses)
    : responses_(std::move(responses)), dual_(responses_.size(0) <= responses_.size(1)) {
  const at::Tensor gram = dual_ ? row_gram(responses_) : at::mm(responses_.t(), responses_);
  std::tie(eigenvalues_, vectors_) = at::linalg_eigh(gram);
  eigenvalues_ = eigenvalues_.clamp_min(0);
}

at::Tensor RidgeSolver::default_penalties() const {
  const double mean = eigenvalues_.sum(at::kDouble).item<double>() / static_cast<double>(rows());
  FMRI2IMG_CHECK(mean > 0, "none of the {} selected vertices varies over the training rows", responses_.size(1));
  return at::logspace(-3, 3, 13, 10, at::kDouble).mul_(mean).to(at::kFloat);
}

at::Tensor RidgeSolver::coordinates(const at::Tensor& targets) const {
  if (dual_) {
    return at::mm(vectors_.t(), targets);
  }
  const at::Tensor inverse_root = at::where(eigenvalues_ > 0, eigenvalues_.rsqrt(), at::zeros_like(eigenvalues_));
  return at::mm(vectors_.t(), at::mm(responses_.t(), targets)).mul_(inverse_root.unsqueeze(1));
}

at::Tensor RidgeSolver::gcv(const at::Tensor& coordinates,
                            const at::Tensor& squared_norms,
                            const at::Tensor& penalties) const {
  const auto n = static_cast<double>(rows());
  const at::Tensor kept = penalties.unsqueeze(1) / (eigenvalues_.unsqueeze(0) + penalties.unsqueeze(1));  // [a, r]
  const at::Tensor squares = coordinates.square();
  const at::Tensor outside = (squared_norms - squares.sum(0)).clamp_min(0);
  const at::Tensor rss = at::mm(kept.square(), squares).add_(outside);
  const at::Tensor parameters = (1 - kept).sum(1, /*keepdim=*/true) + 1;
  // At vanishing penalties the fit is exact and the score 0 / 0: such a penalty never wins.
  const at::Tensor freedom = (1 - parameters / n).clamp_min(1e-6);
  return rss.div_(n).add_(1e-30).div_(freedom.square());
}

at::Tensor RidgeSolver::dual_coefficients(const at::Tensor& coordinates, const at::Tensor& penalties) const {
  FMRI2IMG_ASSERT(dual_);
  return at::mm(vectors_, filter(coordinates, eigenvalues_, penalties));
}

at::Tensor RidgeSolver::weights(const at::Tensor& coordinates, const at::Tensor& penalties) const {
  if (dual_) {
    return at::mm(responses_.t(), dual_coefficients(coordinates, penalties));
  }
  return at::mm(vectors_, filter(coordinates * eigenvalues_.sqrt().unsqueeze(1), eigenvalues_, penalties));
}

at::Tensor RidgeSolver::project(const at::Tensor& responses) const {
  if (dual_) {
    return at::mm(at::mm(responses, responses_.t()), vectors_);
  }
  return at::mm(responses, vectors_).mul_(eigenvalues_.sqrt());
}

}  // namespace fmri2img::decoding
