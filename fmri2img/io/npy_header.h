#pragma once

#include <c10/core/ScalarType.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fmri2img::io {

/// What the header of a .npy file says.
struct NpyHeader {
  at::ScalarType dtype = at::ScalarType::Undefined;
  std::vector<int64_t> shape;  ///< empty: a 0-d array, one element
  bool fortran_order = false;
  bool big_endian = false;
  int64_t data_offset = 0;  ///< bytes from the beginning of the file to the first element
};

/// Reads the header at the beginning of `file`, of which at least the header must be in memory. `file_size` is the size
/// of the whole file, `where` names it in messages. Throws Error naming the header field if it is malformed or not
/// supported, or promises more than the file holds.
NpyHeader parse_npy_header(std::span<const std::byte> file, int64_t file_size, const std::string& where);

/// Where the pickle of a .npy file with one Python object begins. Throws Error if the file holds anything else.
size_t object_data_offset(std::span<const std::byte> file, const std::string& where);

/// The header that `numpy.save` writes for a C-order array: magic string, version 1.0, text, padding.
/// Throws Error if the format has no such element type (bfloat16).
std::string format_npy_header(at::ScalarType dtype, const std::vector<int64_t>& shape);

/// The header that `numpy.save` writes for a 0-d array of one Python object; its pickle follows.
std::string format_object_npy_header();

}  // namespace fmri2img::io
