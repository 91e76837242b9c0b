#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/core/mapped_file.h"
#include "fmri2img/io/variable_info.h"

namespace fmri2img::io {

/// Whether a file is a MATLAB file of version 7.3 (`save -v7.3`): HDF5 behind a block of 512 bytes that says so.
bool is_mat73(const MappedFile& file);

/// Contract: `list_mat` and `read_mat`. Of the HDF5 file the variables are what stands at the top; their MATLAB class,
/// shape and emptiness are attributes, their dimensions stand in reverse.
std::vector<VariableInfo> list_mat73(const std::filesystem::path& path);
at::Tensor read_mat73(const std::filesystem::path& path, const std::string& name);

}  // namespace fmri2img::io
