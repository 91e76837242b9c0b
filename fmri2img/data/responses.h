#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace fmri2img::data {

/// One subject's responses to one partition's pictures: rows x vertices, memory-mapped.
///
/// One file or two: with hemispheres the right one's columns follow the left one's. Opening reads the headers only
/// (a big-endian file, which cannot be mapped as it is, is read whole). Copies share the mapping. Thread-safe.
class Responses {
 public:
  /// Throws Error if a file is not a matrix of numbers, or if the files disagree in their rows (the message names both
  /// files and both counts). Types other than float32 and Fortran order are converted while gathering; a message says
  /// so once.
  explicit Responses(const std::vector<std::filesystem::path>& files);

  int64_t rows() const;
  int64_t vertices() const;

  /// Vertices of each file, in order: {left, right}, or one number without hemispheres.
  const std::vector<int64_t>& vertices_of_files() const;
  const std::vector<std::filesystem::path>& files() const;

  /// Chosen columns of chosen rows as a contiguous float32 matrix [rows, columns], in the order given.
  ///
  /// Reads every page that it needs once, and no other; parallel over rows.
  /// REQUIRES: every index is in range (checked: Error). Throws Error before it takes more memory than there is.
  at::Tensor gather(const std::vector<int64_t>& rows, const std::vector<int64_t>& columns) const;

 private:
  struct Files;
  std::shared_ptr<const Files> files_;
};

}  // namespace fmri2img::data
