#pragma once

#include <string>

#include "fmri2img/core/mapped_file.h"
#include "fmri2img/io/pickle_value.h"

namespace fmri2img::io {

// The two formats of torch.save behind torch_file.h. `where` is the quoted path, which starts every message.

bool is_torch_zip(const MappedFile& file);
PickleValue read_torch_zip(const MappedFile& file, const std::string& where);

bool is_torch_legacy(const MappedFile& file);
PickleValue read_torch_legacy(const MappedFile& file, const std::string& where);

}  // namespace fmri2img::io
