#pragma once

#include "commands/command.h"

namespace fmri2img::commands {

// The kinds of `fmri2img experiment`, named as they are typed: 1, 2, 3, roi-importance, data-scaling, noise-ceiling.
Command experiment_one();
Command experiment_two();
Command experiment_three();
Command experiment_roi_importance();
Command experiment_data_scaling();
Command experiment_noise_ceiling();

}  // namespace fmri2img::commands
