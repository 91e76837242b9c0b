#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <numeric>

#include "fmri2img/core/check.h"
#include "fmri2img/core/progress.h"
#include "fmri2img/core/text.h"
#include "fmri2img/data/checks/subject_checks.h"

namespace fmri2img::data {
namespace {

constexpr int64_t kBlockValues = int64_t{1} << 22;
constexpr int64_t kVerticesPerTask = 1024;

/// What one pass over a matrix finds.
struct MatrixValues {
  std::vector<int64_t> bad_in_row;  // values that are not finite
  std::vector<int64_t> bad_in_column;
  std::vector<float> lowest;  // of each column's finite values
  std::vector<float> highest;
};

/// A piece of the matrix as float32 in C order.
struct Block {
  at::Tensor values;
  int64_t first_row;
  int64_t first_column;
};

void add_columns(MatrixValues& values, const Block& block, int64_t begin, int64_t end) {
  int64_t* bad = values.bad_in_column.data() + block.first_column;
  float* lowest = values.lowest.data() + block.first_column;
  float* highest = values.highest.data() + block.first_column;
  for (int64_t row = 0; row < block.values.size(0); ++row) {
    const float* value = block.values.const_data_ptr<float>() + row * block.values.size(1);
    int64_t bad_here = 0;
    for (int64_t column = begin; column < end; ++column) {
      const bool finite = std::isfinite(value[column]);
      lowest[column] = finite && value[column] < lowest[column] ? value[column] : lowest[column];
      highest[column] = finite && value[column] > highest[column] ? value[column] : highest[column];
      bad[column] += finite ? 0 : 1;
      bad_here += finite ? 0 : 1;
    }
    if (bad_here > 0)
      std::atomic_ref(values.bad_in_row[static_cast<size_t>(block.first_row + row)]).fetch_add(bad_here);
  }
}

/// In blocks that are neighbours on disk: rows of a file in C order, columns of one in Fortran order.
MatrixValues scan(const io::NpyFile& file, const std::string& what) {
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const at::Tensor matrix = file.tensor();
  const auto rows = static_cast<size_t>(matrix.size(0));
  const auto columns = static_cast<size_t>(matrix.size(1));
  const int64_t along = matrix.stride(0) >= matrix.stride(1) ? 0 : 1;
  const int64_t step = std::max<int64_t>(1, kBlockValues / matrix.size(1 - along));
  MatrixValues values{std::vector<int64_t>(rows),
                      std::vector<int64_t>(columns),
                      std::vector<float>(columns, kInfinity),
                      std::vector<float>(columns, -kInfinity)};
  Progress progress("checking the " + what + " responses", along == 0 ? "rows" : "vertices", matrix.size(along));
  for (int64_t first = 0; first < matrix.size(along); first += step) {
    const int64_t count = std::min(step, matrix.size(along) - first);
    const Block block{
        matrix.narrow(along, first, count).to(at::kFloat).contiguous(), along == 0 ? first : 0, along == 1 ? first : 0};
    at::parallel_for(0, block.values.size(1), kVerticesPerTask, [&](int64_t begin, int64_t end) {
      add_columns(values, block, begin, end);
    });
    progress.advance(count);
  }
  return values;
}

template <class Condition> std::vector<int64_t> indices_where(size_t count, Condition holds) {
  std::vector<int64_t> indices;
  for (size_t i = 0; i < count; ++i) {
    if (holds(i)) indices.push_back(static_cast<int64_t>(i));
  }
  return indices;
}

void find_not_finite(Findings& findings, const io::NpyFile& file, const MatrixValues& values) {
  const std::vector<int64_t> rows =
      indices_where(values.bad_in_row.size(), [&](size_t i) { return values.bad_in_row[i] > 0; });
  if (rows.empty()) return;
  const std::vector<int64_t> columns =
      indices_where(values.bad_in_column.size(), [&](size_t i) { return values.bad_in_column[i] > 0; });
  const int64_t total = std::accumulate(values.bad_in_row.begin(), values.bad_in_row.end(), int64_t{0});
  findings.add(Severity::kError,
               "responses-not-finite",
               file.path(),
               fmt::format("NaN or infinity in {}, in {} (columns {}) and {} ({})",
                           counted(total, "value", "values"),
                           counted(static_cast<int64_t>(columns.size()), "vertex", "vertices"),
                           list_some(columns),
                           counted(static_cast<int64_t>(rows.size()), "row", "rows"),
                           list_some(rows)),
               "take these vertices out of the responses and of the ROI masks, or these rows out of the responses and "
               "the pictures");
}

void find_constant(Findings& findings, const io::NpyFile& file, const MatrixValues& values) {
  if (file.shape()[0] < 2) return;
  const std::vector<int64_t> columns =
      indices_where(values.lowest.size(), [&](size_t i) { return values.lowest[i] == values.highest[i]; });
  if (columns.empty()) return;
  findings.add(
      Severity::kWarning,
      "vertices-constant",
      file.path(),
      fmt::format("the same value in every row of {} of {} vertices (columns {})",
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
