#pragma once

#include <filesystem>
#include <vector>

#include "fmri2img/reconstruction/job.h"
#include "fmri2img/reconstruction/stages/run_progress.h"

namespace fmri2img::reconstruction {

/// Of one evaluation of the refiner's network for one image, in the unit of `StagePlan::cost`.
inline constexpr int64_t kEvaluationCost = 1000;

/// The stages of a run with what is there already and what an item is expected to cost: seconds that full-size models
/// took on two cores, times 200. Other models and machines keep the proportions well enough for the time left.
std::vector<StagePlan> plan_run(const ReconstructionJob& job, const std::filesystem::path& folder);

}  // namespace fmri2img::reconstruction
