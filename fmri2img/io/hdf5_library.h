#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "fmri2img/io/hdf5_objects.h"

namespace fmri2img::io::hdf5 {

// The part of the HDF5 reader that calls libhdf5. It runs in a child process only (isolated.h; why:
// doc/decisions/0006-hdf5-in-a-child-process.md), so it makes no tensors and needs not tidy up after an error.
// Messages begin with `path`, quoted.

enum class Depth { kTopLevel, kEverything };

/// Every dataset that the file itself holds; nothing outside it is ever opened. With kTopLevel also the groups that
/// have a MATLAB class. Throws Error if it is no HDF5 file, or damaged as far as that shows.
std::vector<Object> list_objects(const std::string& path, Depth depth);

/// Reads a readable dataset of `bytes.size()` bytes, little-endian, in C order: whole, or, where `rows` holds any, only
/// these rows in ascending order. Throws Error if it is not as it was when it was listed, or cannot be decompressed.
void read_dataset(const std::string& path,
                  const std::string& name,
                  std::span<const int64_t> rows,
                  std::span<std::byte> bytes);

}  // namespace fmri2img::io::hdf5
