#include "fmri2img/data/responses.h"

#include <ATen/Dispatch_v2.h>
#include <ATen/Parallel.h>
#include <ATen/ops/empty.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "fmri2img/core/check.h"
#include "fmri2img/core/log.h"
#include "fmri2img/core/memory.h"
#include "fmri2img/core/text.h"
#include "fmri2img/io/npy.h"
#include "fmri2img/io/scalar_type.h"

namespace fmri2img::data {
namespace {

constexpr int64_t kRowsPerTask = 16;
constexpr int64_t kColumnsPerTask = 16;  // of a Fortran-order file: 64 bytes of each row of the result

bool is_real_number(at::ScalarType type) {
  return c10::isFloatingType(type) || c10::isIntegralType(type, false);
}

io::NpyFile open_matrix(const std::filesystem::path& file) {
  io::NpyFile npy(file);
  const bool is_matrix = npy.shape().size() == 2 && npy.shape()[0] > 0 && npy.shape()[1] > 0;
  FMRI2IMG_CHECK(is_matrix && is_real_number(npy.dtype()),
                 "\"{}\" holds {} of shape {}; expected responses: numbers, pictures x vertices",
                 file.string(),
                 io::scalar_type_name(npy.dtype()),
                 format_shape(npy.shape()));
  return npy;
}

/// "float64 in Fortran order", or "" for what needs no conversion.
std::string conversion_note(const io::NpyFile& file) {
  std::vector<std::string> parts;
  if (file.header().big_endian) parts.emplace_back("big-endian");
  if (file.dtype() != at::kFloat || file.header().big_endian) parts.push_back(io::scalar_type_name(file.dtype()));
  if (file.fortran_order()) parts.emplace_back(parts.empty() ? "float32 in Fortran order" : "in Fortran order");
  return fmt::format("{}", fmt::join(parts, " "));
}

/// Columns that are neighbours both in the file and in the result.
struct Run {
  int64_t first;  ///< column of the file
  int64_t count;
  int64_t target;  ///< column of the result
};

std::vector<Run> runs_in(const std::vector<int64_t>& columns, int64_t begin, int64_t end) {
  std::vector<Run> runs;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (columns[i] < begin || columns[i] >= end) continue;
    const int64_t column = columns[i] - begin;
    const auto target = static_cast<int64_t>(i);
    const bool extends = !runs.empty() && runs.back().first + runs.back().count == column &&
                         runs.back().target + runs.back().count == target;
    if (extends) {
      ++runs.back().count;
    } else {
      runs.push_back({column, 1, target});
    }
  }
  return runs;
}

/// Row by row: every page of the file is touched while its row is copied, and not again.
template <class Value>
void gather_from_rows(const at::Tensor& matrix,
                      const std::vector<int64_t>& rows,
                      const std::vector<Run>& runs,
                      float* result,
                      int64_t width) {
  const auto* values = static_cast<const Value*>(matrix.const_data_ptr());
  const int64_t row_length = matrix.stride(0);
  at::parallel_for(0, static_cast<int64_t>(rows.size()), kRowsPerTask, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const Value* row = values + rows[static_cast<size_t>(i)] * row_length;
      for (const Run& run : runs) {
        std::transform(row + run.first, row + run.first + run.count, result + i * width + run.target, [](Value value) {
          return static_cast<float>(value);
        });
      }
    }
  });
}

/// Column by column, a few at a time: the file has each column in one piece.
template <class Value>
void gather_from_columns(const at::Tensor& matrix,
                         const std::vector<int64_t>& rows,
                         const std::vector<Run>& runs,
                         float* result,
                         int64_t width) {
  const auto* values = static_cast<const Value*>(matrix.const_data_ptr());
  const int64_t row_stride = matrix.stride(0);
  const int64_t column_stride = matrix.stride(1);
  std::vector<Run> pieces;
  for (const Run& run : runs) {
    for (int64_t done = 0; done < run.count; done += kColumnsPerTask) {
      pieces.push_back({run.first + done, std::min(kColumnsPerTask, run.count - done), run.target + done});
    }
  }
  at::parallel_for(0, static_cast<int64_t>(pieces.size()), 1, [&](int64_t begin, int64_t end) {
    for (int64_t p = begin; p < end; ++p) {
      const Run& piece = pieces[static_cast<size_t>(p)];
      for (size_t i = 0; i < rows.size(); ++i) {
        const Value* from = values + rows[i] * row_stride + piece.first * column_stride;
        float* to = result + static_cast<int64_t>(i) * width + piece.target;
        for (int64_t c = 0; c < piece.count; ++c) to[c] = static_cast<float>(from[c * column_stride]);
      }
    }
  });
}

void gather_matrix(const at::Tensor& matrix,
                   const std::vector<int64_t>& rows,
                   const std::vector<Run>& runs,
                   float* result,
                   int64_t width) {
  AT_DISPATCH_V2(matrix.scalar_type(),
                 "gather responses",
                 AT_WRAP([&] {
                   if (matrix.is_contiguous()) {
                     gather_from_rows<scalar_t>(matrix, rows, runs, result, width);
                   } else {
                     gather_from_columns<scalar_t>(matrix, rows, runs, result, width);
                   }
                 }),
                 AT_EXPAND(AT_ALL_TYPES),
                 AT_EXPAND(AT_BAREBONES_UNSIGNED_TYPES),
                 at::kHalf);
}

void check_indices(const std::vector<int64_t>& indices,
                   int64_t count,
                   std::string_view what,
                   const std::filesystem::path& file) {
  const auto wrong = std::find_if(indices.begin(), indices.end(), [&](int64_t i) { return i < 0 || i >= count; });
  FMRI2IMG_CHECK(wrong == indices.end(),
                 "there is no {} {} in \"{}\": it has {}",
                 what,
                 *wrong,
                 file.string(),
                 format_count(count));
}

}  // namespace

struct Responses::Files {
  std::vector<std::filesystem::path> paths;
  std::vector<at::Tensor> matrices;
  std::vector<int64_t> widths;
  int64_t rows = 0;
  int64_t vertices = 0;
};

Responses::Responses(const std::vector<std::filesystem::path>& files) {
  auto opened = std::make_shared<Files>();
  opened->paths = files;
  std::string converted;
  for (const std::filesystem::path& file : files) {
    const io::NpyFile npy = open_matrix(file);
    const at::Tensor matrix = npy.tensor();
    if (const std::string note = conversion_note(npy); converted.empty() && !note.empty()) {
      converted = fmt::format("\"{}\" holds {}", file.string(), note);
    }
    if (opened->matrices.empty()) opened->rows = matrix.size(0);
    FMRI2IMG_CHECK(
        matrix.size(0) == opened->rows,
        "the hemispheres have different numbers of rows: \"{}\" has {}, \"{}\" has {}; both must have one row a "
        "picture: copy both files again from where they came",
        files.front().string(),
        format_count(opened->rows),
        file.string(),
        format_count(matrix.size(0)));
    opened->matrices.push_back(matrix);
    opened->widths.push_back(matrix.size(1));
    opened->vertices += matrix.size(1);
  }
  if (!converted.empty()) log_info("{}: converted to float32 in C order while reading", converted);
  files_ = std::move(opened);
}

int64_t Responses::rows() const {
  return files_->rows;
}
int64_t Responses::vertices() const {
  return files_->vertices;
}
const std::vector<int64_t>& Responses::vertices_of_files() const {
  return files_->widths;
}
const std::vector<std::filesystem::path>& Responses::files() const {
  return files_->paths;
}

at::Tensor Responses::gather(const std::vector<int64_t>& rows, const std::vector<int64_t>& columns) const {
  check_indices(rows, files_->rows, "row", files_->paths.front());
  check_indices(columns, files_->vertices, "vertex", files_->paths.front().parent_path());
  const auto width = static_cast<int64_t>(columns.size());
  const auto height = static_cast<int64_t>(rows.size());
  require_memory(height * width * int64_t{sizeof(float)},
                 fmt::format("gathering {} x {} responses", format_count(height), format_count(width)),
                 "choose a ROI set with --roi, or fewer rows");
  at::Tensor result = at::empty({height, width}, at::TensorOptions().dtype(at::kFloat));
  int64_t first = 0;
  for (const at::Tensor& matrix : files_->matrices) {
    const std::vector<Run> runs = runs_in(columns, first, first + matrix.size(1));
    gather_matrix(matrix, rows, runs, result.mutable_data_ptr<float>(), width);
    first += matrix.size(1);
  }
  return result;
}

}  // namespace fmri2img::data
