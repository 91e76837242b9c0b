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
  StagePlan& plan = find(stage);
  plan.done += items;
  const int64_t shown = std::min(begun_, items * plan.cost);
  begun_ -= shown;
  show(plan, items * plan.cost - shown);
}

void RunProgress::advance_within(const std::string& stage, int64_t cost) {
  const StagePlan& plan = find(stage);
  const int64_t counted = std::clamp<int64_t>((plan.items - plan.done) * plan.cost - begun_, 0, cost);
  begun_ += counted;
  show(plan, counted);
}

StagePlan& RunProgress::find(const std::string& stage) {
  const auto found = std::find_if(stages_.begin(), stages_.end(), [&](const auto& plan) { return plan.name == stage; });
  FMRI2IMG_ASSERT(found != stages_.end());
  return *found;
}

void RunProgress::show(const StagePlan& stage, int64_t cost) {
  progress_.advance(cost, fmt::format("{} {}/{}", stage.name, format_count(stage.done), format_count(stage.items)));
}

}  // namespace fmri2img::reconstruction
