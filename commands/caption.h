#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

/// Says in words what is in pictures.
Command caption();

}  // namespace fmri2img::commands
