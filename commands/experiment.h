#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

/// `fmri2img experiment KIND ...`: each kind is a subcommand of its own.
Command experiment();

}  // namespace fmri2img::commands
