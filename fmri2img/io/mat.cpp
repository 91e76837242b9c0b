#include "fmri2img/io/mat.h"

#include "fmri2img/core/mapped_file.h"
#include "fmri2img/io/mat5.h"
#include "fmri2img/io/mat73.h"

namespace fmri2img::io {

std::vector<VariableInfo> list_mat(const std::filesystem::path& path) {
  return is_mat73(MappedFile(path)) ? list_mat73(path) : Mat5File(path).variables();
}

at::Tensor read_mat(const std::filesystem::path& path, const std::string& name) {
  return is_mat73(MappedFile(path)) ? read_mat73(path, name) : Mat5File(path).read(name);
}

}  // namespace fmri2img::io
