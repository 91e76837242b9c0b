#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

/// What is wrong with subject folders, and what to do about it.
Command doctor();

}  // namespace fmri2img::commands
