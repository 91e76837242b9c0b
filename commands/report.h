#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

/// Results on one page.
Command report();

}  // namespace fmri2img::commands
