#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

/// What is in an array file or a picture.
Command inspect();

}  // namespace fmri2img::commands
