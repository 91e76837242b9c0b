#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

/// Trials to pictures, with a trained decoder.
Command reconstruct();

}  // namespace fmri2img::commands
