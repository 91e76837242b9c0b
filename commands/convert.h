#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

/// Other layouts to the subject's folder.
Command convert();

}  // namespace fmri2img::commands
