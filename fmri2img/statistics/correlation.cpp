#include "fmri2img/statistics/correlation.h"

#include <torch/torch.h>

#include <algorithm>
#include <limits>

#include "fmri2img/core/check.h"

namespace fmri2img::statistics {
namespace {

constexpr int64_t kGlance = 1024;           // features that tell most rows from constant ones
constexpr int64_t kFeaturesAtOnce = 32768;  // of a product; what is centred for it stays small
constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

/// True for rows of one repeated value, for which rounding could otherwise leave a tiny, meaningless variance. Most
/// rows show at a glance that they are not: only the others are read to their ends.
at::Tensor constant_rows(const at::Tensor& rows) {
  const auto repeats_first = [](const at::Tensor& part) { return (part == part.narrow(1, 0, 1)).all(1); };
  at::Tensor constant = repeats_first(rows.narrow(1, 0, std::min(kGlance, rows.size(1))));
  const at::Tensor doubtful = constant.nonzero().squeeze(1);
  if (doubtful.numel() == 0) return constant;
  return constant.index_copy_(0, doubtful, repeats_first(rows.index_select(0, doubtful)));
}

at::Tensor at_least_float(const at::Tensor& rows) {
  return rows.scalar_type() == at::kDouble ? rows : rows.to(at::kFloat);
}

/// Rows of mean 0 and length 1; constant rows become 0.
at::Tensor unit_rows(const at::Tensor& rows, const at::Tensor& constant) {
  const at::Tensor values = at_least_float(rows);
  at::Tensor centred = values - values.mean(1, /*keepdim=*/true);
  centred.div_(centred.norm(2, 1, /*keepdim=*/true));
  return constant.any().item<bool>() ? centred.masked_fill_(constant.unsqueeze(1), 0) : centred;
}

/// What a block needs once its rows themselves can be let go.
struct UnitBlock {
  at::Tensor constant;
  at::Tensor rows;
  explicit UnitBlock(const at::Tensor& values) : constant(constant_rows(values)), rows(unit_rows(values, constant)) {}
};

at::Tensor correlate_units(const at::Tensor& rows, const at::Tensor& constant, const UnitBlock& b) {
  const at::Tensor product = at::mm(rows, b.rows.t()).to(at::kDouble).clamp_(-1, 1);
  return product.masked_fill(constant.unsqueeze(1) | b.constant.unsqueeze(0), kUndefined);
}

/// Rows as they were given, and what centring them takes.
struct Rows {
  at::Tensor values, mean, constant;
  explicit Rows(const at::Tensor& rows)
      : values(at_least_float(rows)), mean(values.mean(1, /*keepdim=*/true)), constant(constant_rows(rows)) {}
};

/// Centred features of all rows, a few at a time in a buffer of their own, and the sums of their squares.
class CentredFeatures {
 public:
  explicit CentredFeatures(const Rows& rows)
      : rows_(rows),
        squares_(at::zeros({rows.values.size(0)}, at::kDouble)),
        buffer_(at::empty({0}, rows.mean.options())) {}

  /// Shape: [n, count], valid until the next call.
  const at::Tensor& take(int64_t first, int64_t count) {
    buffer_.resize_({rows_.values.size(0), count});
    at::sub_out(buffer_, rows_.values.narrow(1, first, count), rows_.mean);
    squares_ += buffer_.norm(2, 1).to(at::kDouble).square_();
    return buffer_;
  }

  at::Tensor lengths() const { return squares_.sqrt(); }

 private:
  const Rows& rows_;
  at::Tensor squares_, buffer_;
};

/// Nothing is copied as a whole: products of blocks of centred features are summed in double, and divided by the rows'
/// lengths at the end.
at::Tensor correlate(const Rows& a, const Rows& b) {
  CentredFeatures features_a(a), features_b(b);
  const int64_t features = a.values.size(1);
  at::Tensor sums = at::zeros({a.values.size(0), b.values.size(0)}, at::kDouble);
  for (int64_t first = 0; first < features; first += kFeaturesAtOnce) {
    const int64_t count = std::min(kFeaturesAtOnce, features - first);
    sums += at::mm(features_a.take(first, count), features_b.take(first, count).t());
  }
  sums /= at::outer(features_a.lengths(), features_b.lengths());
  return sums.clamp_(-1, 1).masked_fill_(a.constant.unsqueeze(1) | b.constant.unsqueeze(0), kUndefined);
}

void require_matrices(const at::Tensor& a, const at::Tensor& b) {
  FMRI2IMG_ASSERT(a.dim() == 2 && b.dim() == 2 && a.size(1) == b.size(1) && a.size(1) > 0);
}

}  // namespace

at::Tensor pearson_rows(const at::Tensor& a, const at::Tensor& b) {
  require_matrices(a, b);
  FMRI2IMG_ASSERT(a.size(0) == b.size(0));
  const UnitBlock first(a.to(at::kDouble)), second(b.to(at::kDouble));
  const at::Tensor products = (first.rows * second.rows).sum(1).clamp_(-1, 1);
  return products.masked_fill(first.constant | second.constant, kUndefined);
}

at::Tensor correlation_matrix(const at::Tensor& a, const at::Tensor& b) {
  require_matrices(a, b);
  return correlate(Rows(a), Rows(b));
}

at::Tensor correlation_matrix(
    const RowSource& a, int64_t rows_a, const RowSource& b, int64_t rows_b, int64_t block_rows) {
  FMRI2IMG_ASSERT(rows_a > 0 && rows_b > 0 && block_rows > 0);
  at::Tensor result = at::empty({rows_a, rows_b}, at::kDouble);
  for (int64_t first_a = 0; first_a < rows_a; first_a += block_rows) {
    const int64_t count_a = std::min(block_rows, rows_a - first_a);
    const Rows block_a(a(first_a, count_a));
    for (int64_t first_b = 0; first_b < rows_b; first_b += block_rows) {
      const int64_t count_b = std::min(block_rows, rows_b - first_b);
      result.narrow(0, first_a, count_a)
          .narrow(1, first_b, count_b)
          .copy_(correlate(block_a, Rows(b(first_b, count_b))));
    }
  }
  return result;
}

CorrelationBank::CorrelationBank(int64_t rows) : count_(rows), constant_(at::zeros({rows}, at::kBool)) {}

void CorrelationBank::set(int64_t first, const at::Tensor& rows) {
  FMRI2IMG_ASSERT(rows.dim() == 2 && first >= 0 && first + rows.size(0) <= count_);
  const UnitBlock block(rows);
  if (!rows_.defined()) rows_ = at::zeros({count_, rows.size(1)}, block.rows.options());
  rows_.narrow(0, first, rows.size(0)).copy_(block.rows);
  constant_.narrow(0, first, rows.size(0)).copy_(block.constant);
}

at::Tensor CorrelationBank::correlate(const at::Tensor& rows) const {
  FMRI2IMG_ASSERT(rows_.defined() && rows.dim() == 2 && rows.size(1) == rows_.size(1));
  return correlate_units(rows_, constant_, UnitBlock(rows));
}

}  // namespace fmri2img::statistics
