#pragma once

#include <filesystem>
#include <string>

#include "fmri2img/io/pickle_value.h"
#include "fmri2img/io/state_dict.h"

namespace fmri2img::io {

/// What `torch.save` wrote, whatever the file is called: the zip format and the older one of bare pickles.
///
/// Nothing of the file is executed: the pickle is read by a machine with a closed list of instructions and classes
/// (doc/formats/torch_files.md); a file that names anything else, such as `os.system`, is refused with that name.
/// Tensors come back on the CPU, wherever they were saved. Those of a zip file look into the memory-mapped file, so a
/// checkpoint is never held twice.
/// Throws Error naming the file if it is truncated or damaged, a tensor leaves its storage, or it is a TorchScript
/// archive.
PickleValue read_torch_file(const std::filesystem::path& path);

/// The weights in what `read_torch_file` gave: the dict itself if its values are tensors, else the one under
/// "model_state_dict" or "state_dict". Throws Error naming `where` and the keys found if it is neither.
StateDict state_dict_of(const PickleValue& value, const std::string& where);

}  // namespace fmri2img::io
