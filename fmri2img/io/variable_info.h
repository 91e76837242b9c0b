#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fmri2img::io {

/// One array of a file, as `fmri2img inspect` shows it.
struct VariableInfo {
  std::string name;  ///< "" where the format has no names (.npy, .nii)
  std::string type;  ///< "float32", "int64", ...: the element type; of others ("cell", "string") what they are
  std::vector<int64_t> shape;  ///< as NumPy, MATLAB or nibabel shows it
  bool readable = true;        ///< false: it is no array of numbers, and reading it is refused
};

/// The one of `variables` called `name`; where `name` is empty, the only readable one.
/// Throws Error: there is none of that name (the nearest are suggested), it is not readable, or a name is needed.
/// `where` is the file, quoted.
const VariableInfo& find_variable(const std::vector<VariableInfo>& variables,
                                  const std::string& name,
                                  const std::string& where);

}  // namespace fmri2img::io
