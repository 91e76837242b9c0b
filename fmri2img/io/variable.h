#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/io/variable_info.h"

namespace fmri2img::io {

/// Every array of a .npy, .npz, .mat, HDF5, NIfTI, .safetensors or PyTorch file; the format is told by content, not by
/// name. Throws Error if the file is none of them, or damaged.
std::vector<VariableInfo> list_variables(const std::filesystem::path& path);

/// The array of `FILE[:VAR]`. A file with exactly one readable array needs no name. A path that itself holds colons is
/// tried as a file first. MATLAB arrays come back with the shape MATLAB shows (rows x columns); NIfTI as x, y, z, t,
/// scaled. The tensor may be strided, and may be READ-ONLY memory (a mapped file): never change it in place. Throws
/// Error; an unknown name is answered with the nearest ones.
at::Tensor read_variable(const std::string& file_and_name);

/// FILE and VAR of `FILE[:VAR]` (VAR may be empty), for commands that read in pieces. Throws Error if FILE does not
/// exist.
struct VariablePath {
  std::filesystem::path file;
  std::string name;
};
VariablePath split_variable_path(const std::string& file_and_name);

}  // namespace fmri2img::io
