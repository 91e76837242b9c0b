#include "fmri2img/reconstruction/stages/plan.h"

#include <algorithm>

#include "fmri2img/reconstruction/results.h"
#include "fmri2img/reconstruction/seen_pictures.h"
#include "fmri2img/reconstruction/stages/encoding_stage.h"
#include "fmri2img/reconstruction/stages/stages.h"

namespace fmri2img::reconstruction {
namespace {

constexpr int64_t kPixelsCost = 1;
constexpr int64_t kAutoencoderCost = 1300;
constexpr int64_t kCaptionCost = 360;
constexpr int64_t kRefineCost = 2000;  // encoding the picture and decoding the result
constexpr int64_t kEmbedCost = 100;
constexpr int64_t kReadCost = 1;  // and write or resize a picture
constexpr int64_t kStripCost = 20;

int64_t decode_cost(const Member& member) {
  return member.record.codec.value("name", "") == "pixels" ? kPixelsCost : kAutoencoderCost;
}

/// Counts what a run needs and what is there.
class Planner {
 public:
  Planner(const ReconstructionJob& job, const std::filesystem::path& folder) : job_(job), folder_(folder) {}

  /// One item a trial and candidate.
  StagePlan of_candidates(const char* stage, const FileOf& file, int64_t cost) const {
    const int64_t items = trials() * static_cast<int64_t>(candidate_names(job_).size());
    return {stage, items, items - static_cast<int64_t>(pending_items(job_, folder_, file).size()), cost};
  }

  /// One item a trial.
  StagePlan of_trials(const char* stage, const std::function<std::string(int64_t)>& file, int64_t cost) const {
    const auto pending = static_cast<int64_t>(pending_trials(job_.trials.rows, folder_, file).size());
    return {stage, trials(), trials() - pending, cost};
  }

  StagePlan targets() const {
    return {kTargetStage, trials(), trials() - static_cast<int64_t>(pending_targets(job_, folder_).size()), kReadCost};
  }

  StagePlan low_level() const {
    StagePlan plan{kLowStage, 0, 0, 0};
    for (const Member& member : job_.members) {
      const StagePlan own = of_trials(
          kLowStage, [&](int64_t trial) { return low_level_file(member.name, trial); }, decode_cost(member));
      plan.items += own.items;
      plan.done += own.done;
      plan.cost = std::max(plan.cost, own.cost);
    }
    return plan;
  }

  StagePlan all_at_once(const char* stage, int64_t items, bool done, int64_t cost) const {
    return {stage, items, done ? items : 0, cost};
  }

 private:
  int64_t trials() const { return static_cast<int64_t>(job_.trials.rows.size()); }

  const ReconstructionJob& job_;
  const std::filesystem::path& folder_;
};

}  // namespace

std::vector<StagePlan> plan_run(const ReconstructionJob& job, const std::filesystem::path& folder) {
  const Planner planner(job, folder);
  std::vector<StagePlan> plan{planner.low_level()};
  if (job.computes(Vote::kAverage)) {
    const auto file = [](int64_t trial) { return low_level_file(kAverageName, trial); };
    plan.push_back(planner.of_trials(kAverageStage, file, decode_cost(job.members.front())));
  }
  if (job.subject.has_pictures(job.trials.partition)) {
    plan.push_back(planner.targets());
  }
  if (job.subject.has_pictures(data::Partition::kTrain)) {
    const auto rows = static_cast<int64_t>(job.members.front().record.train_rows.size());
    const bool done = std::filesystem::exists(folder / kMeanPictureFile);
    plan.push_back(planner.all_at_once(kMeanStage, std::min(rows, kMostInMean), done, kReadCost));
  }
  if (!job.guided) return plan;
  const auto candidates = static_cast<int64_t>(candidate_names(job).size());
  plan.push_back(planner.of_candidates(kCaptionStage, prompt_file, kCaptionCost));
  plan.push_back(planner.of_candidates(kRefineStage, high_level_file, kRefineCost + kEvaluationCost * job.evaluations));
  plan.push_back(planner.of_trials(kEmbedStage, embeddings_file, (1 + 2 * candidates) * kEmbedCost));
  if (job.computes(Vote::kEncoder)) {
    const auto rows = static_cast<int64_t>(encoding_rows(job).size());
    plan.push_back(planner.all_at_once(kEncodingStage, rows, has_encoding_model(folder), kEmbedCost));
  }
  plan.push_back(planner.of_trials(kStripStage, low_level_strip_file, kStripCost));
  return plan;
}

}  // namespace fmri2img::reconstruction
