#include "commands/registry.h"

#include "commands/autoencode.h"
#include "commands/convert.h"
#include "commands/encode.h"
#include "commands/evaluate.h"
#include "commands/reconstruct.h"
#include "commands/train.h"

namespace fmri2img::commands {

std::vector<Command> all_commands() {
  return {convert(), encode(), train(), reconstruct(), evaluate(), autoencode()};
}

}  // namespace fmri2img::commands
