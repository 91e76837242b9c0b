#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

/// Simulated subjects of any size, as folders in the Algonauts layout.
Command simulate();

}  // namespace fmri2img::commands
