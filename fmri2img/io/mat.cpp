#include "fmri2img/io/mat.h"

#include "fmri2img/io/mat5.h"

namespace fmri2img::io {

std::vector<VariableInfo> list_mat(const std::filesystem::path& path) {
  return Mat5File(path).variables();
}

at::Tensor read_mat(const std::filesystem::path& path, const std::string& name) {
  return Mat5File(path).read(name);
}

}  // namespace fmri2img::io
