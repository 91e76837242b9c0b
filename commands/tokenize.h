#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

/// The token ids of a text, as a model's tokenizer gives them.
Command tokenize();

}  // namespace fmri2img::commands
