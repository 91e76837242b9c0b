#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

/// `demo`: the whole way from responses to scored pictures on a simulated subject. Each step is a command line that a
/// newcomer can repeat; it is printed before it runs.
Command demo();

}  // namespace fmri2img::commands
