#include "commands/registry.h"

#include "commands/autoencode.h"
#include "commands/caption.h"
#include "commands/convert.h"
#include "commands/demo.h"
#include "commands/doctor.h"
#include "commands/encode.h"
#include "commands/evaluate.h"
#include "commands/experiment.h"
#include "commands/img2img.h"
#include "commands/import.h"
#include "commands/inspect.h"
#include "commands/reconstruct.h"
#include "commands/report.h"
#include "commands/shared_pictures.h"
#include "commands/similarity.h"
#include "commands/simulate.h"
#include "commands/tokenize.h"
#include "commands/train.h"
#include "commands/zoo.h"

namespace fmri2img::commands {

std::vector<Command> all_commands() {
  return {demo(),
          simulate(),
          convert(),
          doctor(),
          inspect(),
          encode(),
          shared_pictures(),
          train(),
          import_decoder(),
          reconstruct(),
          evaluate(),
          experiment(),
          report(),
          caption(),
          img2img(),
          autoencode(),
          similarity(),
          tokenize(),
          zoo()};
}

}  // namespace fmri2img::commands
