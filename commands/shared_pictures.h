#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

Command shared_pictures();

}  // namespace fmri2img::commands
