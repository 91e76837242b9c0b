#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/io/variable_info.h"

namespace fmri2img::io {

/// The variables of a MATLAB file: version 5 (`save -v6`, `-v7`: also compressed, either byte order) or 7.3 (HDF5).
/// Types are MATLAB's classes in NumPy's words ("float64" for double, "bool" for logical); char, cell, struct, sparse,
/// object and function variables are listed under those names as not readable. Throws Error if the file is neither, or
/// damaged.
std::vector<VariableInfo> list_mat(const std::filesystem::path& path);

/// One numeric or logical array, real or complex, with the shape that MATLAB shows (at least two dimensions) and the
/// type of its class, however its numbers are stored: doubles stored as bytes are float64. Column-major: the tensor is
/// a strided view, and may be READ-ONLY memory (a mapped file). Throws Error as `list_mat`; for an unknown name the
/// message suggests the nearest.
at::Tensor read_mat(const std::filesystem::path& path, const std::string& name);

}  // namespace fmri2img::io
