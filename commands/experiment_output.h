#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "fmri2img/core/output_folder.h"
#include "fmri2img/data/subject.h"
#include "fmri2img/findings/finding.h"
#include "fmri2img/reconstruction/ensemble/members.h"

namespace fmri2img::commands {

/// The manifest of an experiment on a subject: its responses, stored latents and the decoders that it scores.
Manifest experiment_manifest(const std::string& kind,
                             const data::Subject& subject,
                             const std::vector<reconstruction::Member>& members,
                             Json settings);

/// Prints the finding of a run that was finished before; false where there is none yet.
bool show_finished_experiment(const OutputFolder& folder);

/// Writes the finding and the tables (file name -> CSV), prints the finding and records the end of the run.
void finish_experiment(OutputFolder& folder,
                       const findings::Finding& finding,
                       const std::map<std::string, std::string>& tables);

/// `action`, whose Error (interrupted) leaves saying how an experiment is gone on with.
void run_resumable(const std::function<void()>& action);

}  // namespace fmri2img::commands
