#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

/// Metrics over a results folder, with intervals.
Command evaluate();

}  // namespace fmri2img::commands
