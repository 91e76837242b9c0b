#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

/// `fmri2img zoo`.
Command zoo();

}  // namespace fmri2img::commands
