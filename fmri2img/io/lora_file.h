#pragma once

#include <filesystem>

namespace fmri2img::io {

/// A file named "lora" in upper or lower case: changes to a model's weights, not weights of a model.
bool is_lora_file(const std::filesystem::path& path);

}  // namespace fmri2img::io
