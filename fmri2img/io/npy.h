#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fmri2img/io/npy_header.h"

namespace fmri2img::io {

/// One array in NumPy's .npy format, versions 1.0 to 3.0, memory-mapped: opening reads the header alone.
///
/// Element types: bool, int8..64, uint8..64, float16/32/64, complex64/128, in both byte orders. Structured, string,
/// date and object arrays are refused (`read_roi_mapping` reads the one kind of object array that this project needs).
/// Source of the format: numpy.lib.format.
class NpyFile {
 public:
  /// Throws Error naming the file and the header field if the header is malformed, the type is not supported, or the
  /// file is shorter than the header promises. Nothing is allocated before these checks.
  explicit NpyFile(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  const NpyHeader& header() const { return header_; }
  at::ScalarType dtype() const { return header_.dtype; }
  const std::vector<int64_t>& shape() const { return header_.shape; }
  bool fortran_order() const { return header_.fortran_order; }

  /// The array: a view of the mapped file that keeps the mapping alive; in Fortran order a strided view.
  /// READ-ONLY memory: writing to it in place ends the process. Converted to an owned copy where the file cannot be
  /// used as it is: big-endian, bool, or unaligned data.
  at::Tensor tensor() const;

 private:
  std::filesystem::path path_;
  NpyHeader header_;
  std::shared_ptr<const void> owner_;
  std::span<const std::byte> data_;
};

/// The array as an owned, writable, contiguous tensor.
at::Tensor read_npy(const std::filesystem::path& path);

/// Writes `array` in C order, little-endian, format 1.0, atomically: the bytes that `numpy.save` writes.
void write_npy(const std::filesystem::path& path, const at::Tensor& array);

/// A .npy file that stands in memory, such as a member of a .npz archive. `where` names it in messages.
at::Tensor parse_npy(std::span<const std::byte> file,
                     const std::shared_ptr<const void>& owner,
                     const std::string& where);

}  // namespace fmri2img::io
