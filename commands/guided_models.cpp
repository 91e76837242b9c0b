#include "commands/guided_models.h"

#include "fmri2img/core/check.h"

namespace fmri2img::commands {

void add_guided_models(reconstruction::ModelOpeners&, const reconstruction::Ensemble&, const std::string&) {
  fail(ErrorKind::kWrongUsage, "reconstruct: this version makes low-level pictures only: say so with --low-only");
}

}  // namespace fmri2img::commands
