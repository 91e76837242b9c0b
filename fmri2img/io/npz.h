#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/core/mapped_file.h"
#include "fmri2img/io/variable_info.h"

namespace fmri2img::io {

/// Whether a file is a zip archive with a .npy member, and no PyTorch file. Throws Error if it is a damaged archive.
bool is_npz(const MappedFile& file);

/// The arrays of a .npz file (`numpy.savez`, `numpy.savez_compressed`), without the ".npy" of their names. A member
/// that is not an array of numbers is listed as not readable.
/// Throws Error naming the file if the archive is damaged (zip_directory.h).
std::vector<VariableInfo> list_npz(const std::filesystem::path& path);

/// One array; its checksum is compared. Stored members look into the mapped file: READ-ONLY memory.
/// Throws Error as `list_npz`, as NpyFile for the member, and for an unknown name with the nearest ones.
at::Tensor read_npz(const std::filesystem::path& path, const std::string& name);

}  // namespace fmri2img::io
