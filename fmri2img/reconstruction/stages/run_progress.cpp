#include "fmri2img/reconstruction/stages/run_progress.h"

#include <algorithm>
#include <utility>

#include "fmri2img/core/check.h"
#include "fmri2img/core/text.h"

namespace fmri2img::reconstruction {
namespace {

int64_t cost_of(const std::vector<StagePlan>& stages, int64_t StagePlan::*items) {
  int64_t cost = 0;
  for (const StagePlan& stage : stages) cost += stage.*items * stage.cost;
  return cost;
}

}  // namespace

RunProgress::RunProgress(const std::string& what, std::vector<StagePlan> stages)
    : stages_(std::move(stages)),
      progress_(what, "%", cost_of(stages_, &StagePlan::items), cost_of(stages_, &StagePlan::done)) {}

void RunProgress::advance(const std::string& stage, int64_t items) {
  const auto found = std::find_if(stages_.begin(), stages_.end(), [&](const auto& plan) { return plan.name == stage; });
  FMRI2IMG_ASSERT(found != stages_.end());
  found->done += items;
  progress_.advance(items * found->cost,
                    fmt::format("{} {}/{}", found->name, format_count(found->done), format_count(found->items)));
}

}  // namespace fmri2img::reconstruction
