#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace fmri2img::decoding {

/// Ridge regression of every penalty and every target from one symmetric eigendecomposition.
///
/// With centred responses Z [n, V] and centred targets Y [n, t], the weights of penalty a are
/// W(a) = Z' (Z Z' + a I)^-1 Y. The dual form decomposes the Gram matrix Z Z' = U diag(l) U' (n <= V), the primal form
/// Z' Z = P diag(l) P' (n > V); what follows is the same in the coordinates C = U' Y:
///
///   residual sum of squares of target j  =  |y_j|^2 - |c_j|^2 + sum_i (a / (l_i + a))^2 C_ij^2
///   effective parameters                 =  1 (the mean) + sum_i l_i / (l_i + a)
///   GCV(a, j)                            =  (RSS / n) / (1 - parameters / n)^2
///
/// so that the scores of all penalties and targets are one small matrix product.
/// Source: Golub, Heath and Wahba, "Generalized cross-validation as a method for choosing a good ridge parameter"
/// (1979). Differs: the mean counts as a parameter.
class RidgeSolver {
 public:
  /// `responses`: [n, V] float32, columns of mean zero; shared, not copied.
  explicit RidgeSolver(at::Tensor responses);

  bool dual() const { return dual_; }
  int64_t rows() const { return responses_.size(0); }

  /// [r] float32, ascending, none negative; r = min(n, V).
  const at::Tensor& eigenvalues() const { return eigenvalues_; }

  /// Powers of ten in steps of half, from 1e-3 to 1e3 times the mean eigenvalue of Z Z': [13] float32.
  at::Tensor default_penalties() const;

  /// [n, t] centred targets -> their coordinates [r, t].
  at::Tensor coordinates(const at::Tensor& targets) const;

  /// GCV of every penalty [a] and target: [a, t]. `squared_norms` [t] are those of the centred targets.
  at::Tensor gcv(const at::Tensor& coordinates, const at::Tensor& squared_norms, const at::Tensor& penalties) const;

  /// [V, t] primal weights with one penalty per target ([t]).
  at::Tensor weights(const at::Tensor& coordinates, const at::Tensor& penalties) const;

  /// [n, t] dual coefficients A, with W = Z' A. REQUIRES: dual().
  at::Tensor dual_coefficients(const at::Tensor& coordinates, const at::Tensor& penalties) const;

  /// New responses [m, V] -> [m, r], such that predictions with penalty a are (result / (l + a)) C.
  at::Tensor project(const at::Tensor& responses) const;

 private:
  at::Tensor responses_;
  bool dual_;
  at::Tensor eigenvalues_;
  at::Tensor vectors_;  // [n, r] (dual) or [V, r] (primal)
};

/// Z Z' [n, n] of float32 rows: only blocks on and above the diagonal are multiplied.
at::Tensor row_gram(const at::Tensor& rows);

/// The penalty of the lowest score for each target: scores [a, t], penalties [a] -> [t].
at::Tensor best_penalties(const at::Tensor& scores, const at::Tensor& penalties);

}  // namespace fmri2img::decoding
