#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fmri2img::io::hdf5 {

/// One dataset, link or annotated group of an HDF5 file.
struct Object {
  std::string name;            ///< path without the first slash
  std::string type;            ///< as VariableInfo::type; of one that HDF5 cannot open, why
  std::vector<int64_t> shape;  ///< of a MATLAB_empty dataset the sizes it holds
  bool readable = false;
  std::string matlab_class;  ///< the attribute MATLAB_class; "sparse", "object" where other attributes say so; or ""
  bool matlab_empty = false;
};

/// How a child process hands its list over. The reader trusts nothing: what is no such list is an Error naming `where`.
std::string objects_to_cbor(const std::vector<Object>& objects);
std::vector<Object> objects_from_cbor(const std::string& text, const std::string& where);

}  // namespace fmri2img::io::hdf5
