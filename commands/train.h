#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

Command train();

}  // namespace fmri2img::commands
