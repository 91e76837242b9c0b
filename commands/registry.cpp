#include "commands/registry.h"

#include "commands/convert.h"
#include "commands/demo.h"
#include "commands/evaluate.h"
#include "commands/reconstruct.h"
#include "commands/simulate.h"
#include "commands/train.h"

namespace fmri2img::commands {

std::vector<Command> all_commands() {
  return {demo(), simulate(), convert(), train(), reconstruct(), evaluate()};
}

}  // namespace fmri2img::commands
