#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "fmri2img/core/mapped_file.h"
#include "fmri2img/io/variable_info.h"

namespace fmri2img::io {

/// A MATLAB file of version 5: the variables are found at construction, their numbers read on request.
///
/// Source: "MAT-File Format", The MathWorks, chapter 1. Every length is checked against what holds it before it is
/// used, and the size that a compressed variable claims against what its bytes can inflate to, before anything is
/// allocated.
class Mat5File {
 public:
  explicit Mat5File(const std::filesystem::path& path);

  const std::vector<VariableInfo>& variables() const { return variables_; }

  /// Contract: `read_mat`.
  at::Tensor read(const std::string& name) const;

 private:
  struct Matrix {
    std::span<const std::byte> bytes;  ///< the matrix element's content, or its compressed form
    bool compressed;
  };

  void index(std::span<const std::byte> file);

  MappedFile file_;
  std::string where_;
  bool big_endian_ = false;
  std::vector<VariableInfo> variables_;
  std::vector<Matrix> matrices_;  // one for each of variables_
};

/// Whether a file that begins so is a MATLAB file of version 5.
bool begins_mat5(std::span<const std::byte> file);

}  // namespace fmri2img::io
