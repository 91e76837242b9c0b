#pragma once

#include <filesystem>

namespace fmri2img {

/// Where this process writes a file before it is whole: `.NAME.tmp-PID` beside it.
std::filesystem::path half_written_name(const std::filesystem::path& file);

/// Whether the name is one that `half_written_name` gives, in whichever process.
bool is_half_written(const std::filesystem::path& file);

/// Removes from `folder` and all below it what killed processes have left half-written. Files of running ones stay; a
/// folder that is not there, or cannot be read, holds none.
void remove_half_written(const std::filesystem::path& folder);

}  // namespace fmri2img
