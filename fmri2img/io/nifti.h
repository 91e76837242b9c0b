#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "fmri2img/core/mapped_file.h"
#include "fmri2img/io/inflate.h"
#include "fmri2img/io/nifti_header.h"

namespace fmri2img::io {

/// Whether a file is NIfTI, plain or gzipped.
bool is_nifti(const MappedFile& file);

/// A NIfTI-1 or NIfTI-2 image, .nii or .nii.gz (told by content), either byte order. Opening reads the header; a plain
/// file is memory-mapped, a compressed one is inflated when its values are asked for.
class NiftiFile {
 public:
  /// Throws Error naming the file and the header field if the header is malformed or not supported
  /// (nifti_header.h), or the file is shorter than the header promises.
  explicit NiftiFile(const std::filesystem::path& path);

  const NiftiHeader& header() const { return header_; }

  /// The values, scaled. Shape: header().shape (x, y, z, t), strided with x fastest; type: header().value_type().
  /// May be READ-ONLY memory (a mapped file). Throws Error if memory is short or the compressed data is damaged.
  at::Tensor values() const;

 private:
  HeldBytes stored_data() const;

  MappedFile file_;
  std::string where_;
  bool compressed_;
  NiftiHeader header_;
};

}  // namespace fmri2img::io
