#pragma once

#include <cstdint>
#include <filesystem>

namespace fmri2img {

/// Bytes of the files below `folder`; those of a file under several names (hard links) count once. 0 where there is no
/// such folder.
int64_t bytes_below(const std::filesystem::path& folder);

}  // namespace fmri2img
