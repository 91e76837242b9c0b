#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fmri2img::io {

/// Writes a .npy file larger than memory, rows in ascending order, and goes on where a killed run stopped.
///
///   NpyWriter writer(path, at::kFloat, {n, 4, 64, 64}, recipe);
///   for (int64_t row = writer.rows_written(); row < n; row += piece) writer.write_rows(row, encode(row, piece));
///   writer.commit();
///
/// Until `commit` the rows stand in `NAME.partial` beside the final file, whose name appears only with the whole array.
/// The length of that file says how many rows are done; `NAME.partial.json` says of what. The disk space of the whole
/// array is reserved at the start where the file system can.
class NpyWriter {
 public:
  /// `recipe` is whatever decides the content, such as a hash of settings and inputs. A partial file of the same dtype,
  /// shape and recipe is resumed; of another one it is replaced. An empty recipe never resumes, and leaves nothing
  /// behind. Throws Error if the file cannot be created, another process is writing it, or the disk is full.
  NpyWriter(std::filesystem::path path, at::ScalarType dtype, std::vector<int64_t> shape, std::string recipe = {});
  ~NpyWriter();
  NpyWriter(const NpyWriter&) = delete;
  NpyWriter& operator=(const NpyWriter&) = delete;

  /// Rows 0 .. rows_written() - 1 are safely on disk, those of an earlier run included.
  int64_t rows_written() const { return rows_written_; }

  /// Shape: rows [n, shape[1], ...], any dtype that converts to the file's.
  /// REQUIRES: first_row <= rows_written(): no gaps; rows may be written again.
  void write_rows(int64_t first_row, const at::Tensor& rows);

  /// Gives the file its final name. Throws Error if rows are missing.
  void commit();

 private:
  void open_partial(const std::string& description);
  [[noreturn]] void fail_with_errno(const char* action) const;

  std::filesystem::path path_;
  std::filesystem::path partial_;
  std::filesystem::path record_;
  at::ScalarType dtype_;
  std::vector<int64_t> shape_;
  bool resumable_;
  int descriptor_ = -1;
  int64_t header_bytes_ = 0;
  int64_t row_bytes_ = 0;
  int64_t rows_written_ = 0;
};

}  // namespace fmri2img::io
