#pragma once

#include <filesystem>

#include "fmri2img/io/state_dict.h"

namespace fmri2img::io {

/// Whether the file is what torch.jit.save writes: weights with a program. Throws Error if it cannot be opened.
bool is_torch_script(const std::filesystem::path& path);

/// The parameters and buffers of a TorchScript archive, on the CPU wherever they were saved.
///
/// LibTorch reads the archive; none of its methods is called. Throws Error naming the file if it is damaged.
StateDict read_torch_script(const std::filesystem::path& path);

}  // namespace fmri2img::io
