#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>

namespace fmri2img::statistics {

/// Pearson correlation of each row of `a` with the same row of `b`, in double precision.
///
/// Shape:
///   a, b:   [N, D] any type
///   return: [N] double; NaN where either row is constant: the correlation is not defined there
at::Tensor pearson_rows(const at::Tensor& a, const at::Tensor& b);

/// Pearson correlation of every row of `a` with every row of `b`, at the speed of one matrix product.
///
/// Shape:
///   a: [N, D], b: [M, D]
///   return: [N, M] double; NaN in the row or column of a constant one
/// Precision: centring and products are in the rows' own type (at least float32), a block of features at a time; sums
/// over blocks are in double.
at::Tensor correlation_matrix(const at::Tensor& a, const at::Tensor& b);

/// Gives rows first .. first + count - 1 as [count, D].
using RowSource = std::function<at::Tensor(int64_t first, int64_t count)>;

/// `correlation_matrix` of row sets too large for memory: at most two blocks of `block_rows` rows are held at a time.
/// `a` is asked for each row once, `b` once for every block of `a`.
at::Tensor correlation_matrix(
    const RowSource& a, int64_t rows_a, const RowSource& b, int64_t rows_b, int64_t block_rows);

/// Rows that block after block of others is correlated with: centred and scaled once, so that a block costs one
/// product.
class CorrelationBank {
 public:
  explicit CorrelationBank(int64_t rows);

  /// Sets rows first .. first + n - 1. Shape: [n, D], the same D at every call.
  void set(int64_t first, const at::Tensor& rows);

  /// Shape: [n, D] -> [rows, n] double, as `correlation_matrix`. REQUIRES: every row has been set.
  at::Tensor correlate(const at::Tensor& rows) const;

  /// [rows] bool: what correlates with nothing.
  const at::Tensor& constant() const { return constant_; }

 private:
  int64_t count_;
  at::Tensor rows_;      // [rows, D], of mean 0 and length 1
  at::Tensor constant_;  // [rows] bool
};

}  // namespace fmri2img::statistics
