#pragma once

#include <string_view>

namespace fmri2img {

/// From now on Ctrl-C and SIGTERM only set a flag. A second Ctrl-C ends the process at once.
void install_interrupt_handlers();

bool interrupt_requested();

/// Throws Error (interrupted) if the user asked to stop. Call it between items, when everything finished is on disk.
/// `how_to_resume` ends the message: "run the same command again to go on".
void stop_if_interrupted(std::string_view how_to_resume);

}  // namespace fmri2img
