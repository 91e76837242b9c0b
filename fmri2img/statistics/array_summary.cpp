#include "fmri2img/statistics/array_summary.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "fmri2img/core/check.h"

namespace fmri2img::statistics {
namespace {

constexpr int64_t kPieceValues = int64_t{1} << 22;
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

/// Adds pieces by Chan, Golub and LeVeque's rule (1979), which loses no digits to a large mean.
class Accumulator {
 public:
  void add(const at::Tensor& values) {  // double, one dimension
    const at::Tensor finite = values.masked_select(values.isfinite());
    summary_.count += values.numel();
    const int64_t nan = values.isnan().sum().item<int64_t>();
    summary_.nan += nan;
    summary_.infinite += values.numel() - nan - finite.numel();
    if (finite.numel() == 0) return;
    const double mean = finite.mean().item<double>();
    const auto count = static_cast<double>(finite.numel());
    const double total = count_ + count;
    const double shift = mean - mean_;
    squares_ += (finite - mean).square().sum().item<double>() + shift * shift * count_ * count / total;
    mean_ += shift * count / total;
    count_ = total;
    lowest_ = std::min(lowest_, finite.min().item<double>());
    highest_ = std::max(highest_, finite.max().item<double>());
  }

  ArraySummary result() const {
    ArraySummary summary = summary_;
    const bool any = count_ > 0;
    summary.minimum = any ? lowest_ : kNone;
    summary.maximum = any ? highest_ : kNone;
    summary.mean = any ? mean_ : kNone;
    summary.deviation = any ? std::sqrt(squares_ / count_) : kNone;
    return summary;
  }

 private:
  ArraySummary summary_{};
  double count_ = 0;
  double mean_ = 0;
  double squares_ = 0;
  double lowest_ = std::numeric_limits<double>::infinity();
  double highest_ = -std::numeric_limits<double>::infinity();
};

/// Along this dimension a piece is one stretch of memory.
int64_t slowest_dimension(const at::Tensor& array) {
  int64_t slowest = 0;
  for (int64_t d = 1; d < array.dim(); ++d) {
    if (array.stride(d) > array.stride(slowest)) slowest = d;
  }
  return slowest;
}

}  // namespace

ArraySummary summarise(const at::Tensor& array) {
  FMRI2IMG_ASSERT(!array.is_complex());
  Accumulator accumulator;
  if (array.numel() == 0) return accumulator.result();
  const at::Tensor whole = array.dim() == 0 ? array.reshape({1}) : array;
  const int64_t slowest = slowest_dimension(whole);
  const int64_t length = whole.size(slowest);
  const int64_t step = std::max<int64_t>(1, kPieceValues / (whole.numel() / length));
  for (int64_t first = 0; first < length; first += step) {
    const at::Tensor piece = whole.narrow(slowest, first, std::min(step, length - first));
    accumulator.add(piece.to(at::kDouble).reshape({-1}));
  }
  return accumulator.result();
}

}  // namespace fmri2img::statistics
