#include "commands/registry.h"

#include "commands/convert.h"
#include "commands/doctor.h"
#include "commands/evaluate.h"
#include "commands/import.h"
#include "commands/inspect.h"
#include "commands/reconstruct.h"
#include "commands/train.h"

namespace fmri2img::commands {

std::vector<Command> all_commands() {
  return {convert(), doctor(), inspect(), train(), import_decoder(), reconstruct(), evaluate()};
}

}  // namespace fmri2img::commands
