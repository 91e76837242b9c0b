#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

/// How alike two pictures are to CLIP, or the embedding of one.
Command similarity();

}  // namespace fmri2img::commands
