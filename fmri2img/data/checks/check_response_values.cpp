#include <ATen/ATen.h>

#include <algorithm>

#include "fmri2img/core/check.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/checks/subject_checks.h"

namespace fmri2img::data {
namespace {

constexpr int64_t kBlockValues = int64_t{1} << 22;

/// What one pass over a matrix finds.
struct MatrixValues {
  at::Tensor bad_in_row;     // int64 [rows]: values that are not finite
  at::Tensor bad_in_column;  // int64 [columns]
  at::Tensor lowest;         // [columns], of the finite values
  at::Tensor highest;        // [columns]
};

/// Adds the block whose first row and column are given.
void add_block(MatrixValues& values, const at::Tensor& block, int64_t first_row, int64_t first_column) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const at::Tensor bad = block.isfinite().logical_not_();
  values.bad_in_row.narrow(0, first_row, block.size(0)).add_(bad.sum(1));
  values.bad_in_column.narrow(0, first_column, block.size(1)).add_(bad.sum(0));
  at::Tensor lowest = values.lowest.narrow(0, first_column, block.size(1));
  at::Tensor highest = values.highest.narrow(0, first_column, block.size(1));
  lowest.copy_(at::minimum(lowest, block.masked_fill(bad, kInfinity).amin(0)));
  highest.copy_(at::maximum(highest, block.masked_fill(bad, -kInfinity).amax(0)));
}

/// In blocks that are neighbours on disk: rows of a file in C order, columns of one in Fortran order.
MatrixValues scan(const io::NpyFile& file, const std::string& what) {
  const at::Tensor matrix = file.tensor();
  const int64_t rows = matrix.size(0);
  const int64_t columns = matrix.size(1);
  const int64_t along = matrix.stride(0) >= matrix.stride(1) ? 0 : 1;
  const int64_t step = std::max<int64_t>(1, kBlockValues / matrix.size(1 - along));
  MatrixValues values{at::zeros({rows}, at::kLong),
                      at::zeros({columns}, at::kLong),
                      at::full({columns}, std::numeric_limits<float>::infinity()),
                      at::full({columns}, -std::numeric_limits<float>::infinity())};
  Progress progress("checking the " + what + " responses", along == 0 ? "rows" : "vertices", matrix.size(along));
  for (int64_t first = 0; first < matrix.size(along); first += step) {
    const int64_t count = std::min(step, matrix.size(along) - first);
    const at::Tensor block = matrix.narrow(along, first, count).to(at::kFloat);
    add_block(values, block, along == 0 ? first : 0, along == 1 ? first : 0);
    progress.advance(count);
  }
  return values;
}

std::vector<int64_t> indices_where(const at::Tensor& condition) {
  const at::Tensor found = condition.nonzero().reshape({-1}).contiguous();
  return {found.const_data_ptr<int64_t>(), found.const_data_ptr<int64_t>() + found.numel()};
}

void find_not_finite(Findings& findings, const io::NpyFile& file, const MatrixValues& values) {
  const std::vector<int64_t> rows = indices_where(values.bad_in_row > 0);
  if (rows.empty()) return;
  const std::vector<int64_t> columns = indices_where(values.bad_in_column > 0);
  findings.add(Severity::kError,
               "responses-not-finite",
               file.path(),
               fmt::format("{} values are NaN or infinite, in {} vertices (columns {}) and {} rows ({})",
                           format_count(values.bad_in_row.sum().item<int64_t>()),
                           format_count(static_cast<int64_t>(columns.size())),
                           list_some(columns),
                           format_count(static_cast<int64_t>(rows.size())),
                           list_some(rows)),
               "take these vertices out of the responses and of the ROI masks, or these rows out of the responses and "
               "the pictures");
}

void find_constant(Findings& findings, const io::NpyFile& file, const MatrixValues& values) {
  if (file.shape()[0] < 2) return;
  const std::vector<int64_t> columns = indices_where(values.lowest.eq(values.highest));
  if (columns.empty()) return;
  findings.add(
      Severity::kWarning,
      "vertices-constant",
      file.path(),
      fmt::format("{} of {} vertices have the same value in every row (columns {})",
                  format_count(static_cast<int64_t>(columns.size())),
                  format_count(file.shape()[1]),
                  list_some(columns)),
      "they carry nothing; see whether the file was cut off or filled up, or leave them out with a ROI expression");
}

}  // namespace

void check_response_values(Findings& findings, const ResponseFiles& responses, Partition partition) {
  for (const io::NpyFile& file : responses.files) {
    const MatrixValues values = scan(file, std::string(partition_name(partition)));
    find_not_finite(findings, file, values);
    find_constant(findings, file, values);
  }
}

}  // namespace fmri2img::data
