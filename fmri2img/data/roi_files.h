#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fmri2img::data {

/// The files of `roi_masks`, for the atlas and for the doctor.

/// Every class with a mapping file there, the layout's own six first. Empty for a folder that does not exist.
std::vector<std::string> roi_classes(const std::filesystem::path& folder);

std::filesystem::path roi_mapping_file(const std::filesystem::path& folder, const std::string& roi_class);

/// The mask of a class for a part of the vertices: prefix "lh." or "rh.", or "" for a matrix without hemispheres.
/// Nothing where neither `_challenge_space.npy` nor `_space.npy` exists.
std::optional<std::filesystem::path> roi_mask_file(const std::filesystem::path& folder,
                                                   const std::string& prefix,
                                                   const std::string& roi_class);

/// One code a vertex. Throws Error if the file is not one line of whole numbers.
std::vector<int64_t> read_roi_mask(const std::filesystem::path& file);

}  // namespace fmri2img::data
