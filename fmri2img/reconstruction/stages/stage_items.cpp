#include <algorithm>

#include "fmri2img/core/interrupt.h"
#include "fmri2img/reconstruction/stages/stages.h"

namespace fmri2img::reconstruction {

std::vector<Item> pending_items(const ReconstructionJob& job, const std::filesystem::path& folder, const FileOf& file) {
  const std::vector<std::string> names = candidate_names(job);
  std::vector<Item> items;
  for (const int64_t trial : job.trials.rows) {
    for (size_t candidate = 0; candidate < names.size(); ++candidate) {
      if (std::filesystem::exists(folder / file(names[candidate], trial))) continue;
      items.push_back({trial, static_cast<int64_t>(candidate)});
    }
  }
  return items;
}

std::vector<int64_t> pending_trials(const std::vector<int64_t>& trials,
                                    const std::filesystem::path& folder,
                                    const std::function<std::string(int64_t)>& file) {
  std::vector<int64_t> pending;
  for (const int64_t trial : trials) {
    if (!std::filesystem::exists(folder / file(trial))) pending.push_back(trial);
  }
  return pending;
}

void in_batches(const std::vector<Item>& items, int64_t size, const std::function<void(std::span<const Item>)>& work) {
  const auto step = static_cast<size_t>(size);
  for (size_t first = 0; first < items.size(); first += step) {
    stop_if_interrupted(kHowToResume);
    work(std::span(items).subspan(first, std::min(step, items.size() - first)));
  }
}

}  // namespace fmri2img::reconstruction
