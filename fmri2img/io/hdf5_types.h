#pragma once

#include <c10/core/ScalarType.h>
#include <hdf5.h>

#include <optional>
#include <string>

namespace fmri2img::io::hdf5 {

/// The element type that numbers of an HDF5 type become; nothing for anything but numbers.
/// Enumerations of FALSE and TRUE are bool (h5py), others their integers; compounds of two floats named r and i (h5py)
/// or real and imag (MATLAB) are complex; floats that are no IEEE half, such as bfloat16, become float32.
std::optional<at::ScalarType> number_type(hid_t file_type);

/// What an HDF5 type is called in a listing: "float32", "string", "compound".
std::string type_name(hid_t file_type);

/// The type to read with so that memory holds what `number_type` says, little-endian. (Integers behind an enumeration
/// come in the file's byte order: HDF5 does not convert them.)
hid_t memory_type(hid_t file_type);

}  // namespace fmri2img::io::hdf5
