#pragma once

#include <ATen/core/Tensor.h>

#include <string>

namespace fmri2img::data {

/// The responses of `FILE[:VAR]`, any format of `io::read_variable`, as a matrix of real numbers [rows, vertices] in
/// the type of the file. It may be READ-ONLY memory: never change it in place.
///
/// A NIfTI image has one volume a picture: X x Y x Z x N becomes N rows of X*Y*Z vertices, x slowest and z fastest,
/// which is NiBabel's `img.get_fdata().reshape(-1, N).T`. Every voxel is a vertex, those outside the brain too.
///
/// Throws Error, saying what was found, for any other shape, and for complex numbers and booleans, which are no
/// responses.
at::Tensor read_responses(const std::string& from);

}  // namespace fmri2img::data
