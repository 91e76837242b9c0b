#include "fmri2img/data/layout.h"

#include <fmt/format.h>

#include <algorithm>

namespace fmri2img::data {
namespace {

/// "training" or "test", as the layout spells it.
std::string_view layout_word(Partition partition) {
  return partition == Partition::kTrain ? "training" : "test";
}

std::filesystem::path split_folder(const std::filesystem::path& subject, Partition partition) {
  return subject / fmt::format("{}_split", layout_word(partition));
}

}  // namespace

std::string_view partition_name(Partition partition) {
  return partition == Partition::kTrain ? "train" : "test";
}

std::filesystem::path responses_folder(const std::filesystem::path& subject, Partition partition) {
  return split_folder(subject, partition) / fmt::format("{}_fmri", layout_word(partition));
}

std::vector<std::filesystem::path> hemisphere_files(const std::filesystem::path& subject, Partition partition) {
  const std::filesystem::path folder = responses_folder(subject, partition);
  return {folder / fmt::format("lh_{}_fmri.npy", layout_word(partition)),
          folder / fmt::format("rh_{}_fmri.npy", layout_word(partition))};
}

std::filesystem::path whole_file(const std::filesystem::path& subject, Partition partition) {
  return responses_folder(subject, partition) / fmt::format("{}_fmri.npy", layout_word(partition));
}

std::filesystem::path pictures_folder(const std::filesystem::path& subject, Partition partition) {
  return split_folder(subject, partition) / fmt::format("{}_images", layout_word(partition));
}

std::filesystem::path scenes_file(const std::filesystem::path& subject, Partition partition) {
  return split_folder(subject, partition) / "scenes.jsonl";
}

std::filesystem::path roi_folder(const std::filesystem::path& subject) {
  return subject / "roi_masks";
}

std::filesystem::path latents_file(const std::filesystem::path& subject) {
  return split_folder(subject, Partition::kTrain) / "fMRI_VAE.npy";
}

std::string picture_file_name(Partition partition, int64_t row, int64_t nsd_id) {
  const std::string number = fmt::format("{}-{:04}", partition_name(partition), row + 1);
  return nsd_id < 0 ? number + ".png" : fmt::format("{}_nsd-{:05}.png", number, nsd_id);
}

std::vector<std::filesystem::path> subjects_within(const std::filesystem::path& folder) {
  const auto is_subject = [](const std::filesystem::path& path) {
    std::error_code ignored;
    return is_directory(split_folder(path, Partition::kTrain), ignored);
  };
  std::vector<std::filesystem::path> subjects;
  if (is_subject(folder)) return subjects;
  std::error_code unreadable;
  for (const auto& entry : std::filesystem::directory_iterator(folder, unreadable)) {
    if (is_subject(entry.path())) subjects.push_back(entry.path());
  }
  std::ranges::sort(subjects);
  return subjects;
}

}  // namespace fmri2img::data
