#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

/// One picture through image-to-image diffusion.
Command img2img();

}  // namespace fmri2img::commands
