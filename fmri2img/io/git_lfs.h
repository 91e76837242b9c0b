#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace fmri2img::io {

/// Throws Error (bad input) if these are the bytes of a git-lfs pointer: the few lines of text that a repository holds
/// in the place of a large file until that is fetched. `where` is the quoted path.
/// Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md.
void check_no_lfs_pointer(std::span<const std::byte> bytes, const std::string& where);

}  // namespace fmri2img::io
