#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <string>
#include <vector>

#include "fmri2img/core/mapped_file.h"
#include "fmri2img/io/variable_info.h"

namespace fmri2img::io {

// Files of weights as files of named arrays, for variable.h.

/// Whether a file begins with the length and the first brace of a safetensors header.
bool is_safetensors(const MappedFile& file);

std::vector<VariableInfo> list_safetensors(const std::filesystem::path& path);
at::Tensor read_safetensors_variable(const std::filesystem::path& path, const std::string& name);

/// The tensors of what `torch.save` wrote. A name is the way to it: the keys of dicts and the indices of lists, joined
/// by slashes ("model_state_dict/lin0.0.weight"); a file that is one tensor has the name "". Numbers, texts and the
/// like are listed under their Python types as not readable.
std::vector<VariableInfo> list_torch(const std::filesystem::path& path);
at::Tensor read_torch_variable(const std::filesystem::path& path, const std::string& name);

}  // namespace fmri2img::io
