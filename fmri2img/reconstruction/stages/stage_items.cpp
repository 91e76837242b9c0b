#include <algorithm>

#include "fmri2img/core/interrupt.h"
#include "fmri2img/io/image.h"
#include "fmri2img/reconstruction/results.h"
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

std::vector<int64_t> pending_targets(const ReconstructionJob& job, const std::filesystem::path& folder) {
  const data::Pictures& pictures = job.subject.pictures(job.trials.partition);
  const auto as_shown = [&](int64_t trial) {
    const io::ImageInfo kept = io::read_image_info(folder / target_file(trial));
    const io::ImageInfo shown = io::read_image_info(pictures.path(trial));
    return kept.height == shown.height && kept.width == shown.width;
  };
  std::vector<int64_t> pending;
  for (const int64_t trial : job.trials.rows) {
    if (!std::filesystem::exists(folder / target_file(trial)) || !as_shown(trial)) pending.push_back(trial);
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
