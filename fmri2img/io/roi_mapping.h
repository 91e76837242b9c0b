#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace fmri2img::io {

/// The `mapping_<class>.npy` files of the Algonauts layout: a 0-d object array that holds a pickled dict, ROI code ->
/// name.
///
/// A closed unpickler: protocols 2 to 5, only the opcodes and classes with which NumPy writes such a file (keys: Python
/// or NumPy integers; values: str or numpy.str_). Nothing is ever called: any other class, such as `os.system`, is
/// refused by name. Throws Error naming the file and what it holds instead.
std::map<int64_t, std::string> read_roi_mapping(const std::filesystem::path& path);

/// Writes such a file, atomically: pickle protocol 3 with Python integers and str, which every NumPy since 1.8 loads
/// with `allow_pickle`. REQUIRES: codes fit into 32 bits.
void write_roi_mapping(const std::filesystem::path& path, const std::map<int64_t, std::string>& mapping);

}  // namespace fmri2img::io
