#pragma once

#include <filesystem>

namespace fmri2img::commands {

/// The miniature zoo that comes with the program: of an installed program in its `share/fmri2img`, else in the source
/// tree that it was built from. Throws Error saying where it was looked for.
std::filesystem::path mini_zoo();

}  // namespace fmri2img::commands
