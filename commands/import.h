#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

/// `import`: a checkpoint of the original as a decoder folder.
Command import_decoder();

}  // namespace fmri2img::commands
