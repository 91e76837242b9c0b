#pragma once

#include <vector>

#include "commands/command.h"

namespace fmri2img::commands {

/// Every command, in the order in which `fmri2img --help` lists them: that of a user's work.
std::vector<Command> all_commands();

}  // namespace fmri2img::commands
