#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

/// A subject's training pictures to latents, the targets of decoders.
Command encode();

}  // namespace fmri2img::commands
