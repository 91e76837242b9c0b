#pragma once

#include <c10/core/ScalarType.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fmri2img::io {

/// Rows of a 4 x 4 matrix that takes voxel indices to millimetres.
using AffineMatrix = std::array<std::array<double, 4>, 4>;

/// What the header of a NIfTI-1 or NIfTI-2 file says. Source: nifti1.h and nifti2.h of the NIfTI Data Format Working
/// Group; where they leave room, as nibabel reads it.
struct NiftiHeader {
  int version = 1;
  bool big_endian = false;
  at::ScalarType stored_type = at::ScalarType::Undefined;
  std::vector<int64_t> shape;  ///< x, y, z, t, ...: 1 to 7 dimensions
  int64_t data_offset = 0;

  /// value = slope * stored + intercept; nothing where the numbers are meant as they are stored.
  struct Scaling {
    double slope;
    double intercept;
  };
  std::optional<Scaling> scaling;

  int qform_code = 0;
  int sform_code = 0;
  std::optional<AffineMatrix> qform;  ///< nothing where the code is 0
  std::optional<AffineMatrix> sform;
  AffineMatrix fallback{};  ///< voxel sizes alone, the origin in the middle, x from right to left

  /// The transform that counts: sform, else qform, else the fallback.
  const AffineMatrix& voxel_to_world() const { return sform ? *sform : qform ? *qform : fallback; }

  /// The type of the values: as stored without scaling; with it float32, or float64 (complex128) where the stored
  /// numbers do not fit into 24 bits. Departs from nibabel, which scales everything to float64.
  at::ScalarType value_type() const;
};

/// Whether a file (inflated, if it was compressed) begins like NIfTI.
bool begins_nifti(std::span<const std::byte> file);

/// At most this many bytes at the beginning of a file are the header.
inline constexpr size_t kNiftiHeaderBytes = 540;

/// Reads the header at the beginning of `file`. `where` names it in messages. Throws Error naming the header field if
/// it is malformed or not supported: a pair of files (.hdr, .img), RGB, 128-bit or 1-bit numbers, more than 7
/// dimensions. The caller compares data_offset and shape with the size of the file.
NiftiHeader parse_nifti_header(std::span<const std::byte> file, const std::string& where);

}  // namespace fmri2img::io
