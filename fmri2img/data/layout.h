#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fmri2img::data {

/// Which half of a subject's data.
enum class Partition { kTrain, kTest };

/// Where things are in a subject's folder: the one place that knows the names of the Algonauts 2023 layout.
/// Described in doc/formats/subject.md.

/// "train" or "test".
std::string_view partition_name(Partition partition);

/// `training_split/training_fmri`, `test_split/test_fmri`.
std::filesystem::path responses_folder(const std::filesystem::path& subject, Partition partition);

/// `lh_training_fmri.npy` and `rh_training_fmri.npy` in that folder.
std::vector<std::filesystem::path> hemisphere_files(const std::filesystem::path& subject, Partition partition);

/// `training_fmri.npy` in that folder: all vertices or voxels in one matrix, no hemispheres.
std::filesystem::path whole_file(const std::filesystem::path& subject, Partition partition);

/// `training_split/training_images`, `test_split/test_images`.
std::filesystem::path pictures_folder(const std::filesystem::path& subject, Partition partition);

/// `training_split/scenes.jsonl`, `test_split/scenes.jsonl`: what a simulated subject's pictures show.
std::filesystem::path scenes_file(const std::filesystem::path& subject, Partition partition);

/// `roi_masks`.
std::filesystem::path roi_folder(const std::filesystem::path& subject);

/// `training_split/fMRI_VAE.npy`.
std::filesystem::path latents_file(const std::filesystem::path& subject);

/// "train-0001_nsd-00013.png", or "train-0001.png" for a negative `nsd_id`. `row` counts from 0, the name from 1.
std::string picture_file_name(Partition partition, int64_t row, int64_t nsd_id);

/// Sorted: the folders in `folder` that are laid out as subjects; none where `folder` is itself one.
std::vector<std::filesystem::path> subjects_within(const std::filesystem::path& folder);

}  // namespace fmri2img::data
