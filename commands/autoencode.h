#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

/// One picture through an autoencoder and back.
Command autoencode();

}  // namespace fmri2img::commands
