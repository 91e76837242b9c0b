#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fmri2img/data/checks/finding.h"
#include "fmri2img/data/layout.h"
#include "fmri2img/io/npy.h"

namespace fmri2img::data {

// The checks behind check_subject.h, one subject of the folder each. They add to the findings and return what later
// checks need.

/// The response files of one partition that could be opened.
struct ResponseFiles {
  std::vector<io::NpyFile> files;
  std::optional<int64_t> rows;  ///< where there is a file and the files agree
  std::vector<int64_t> widths;  ///< vertices of each file; empty unless every file is there and readable
};

/// Which files are there, and what their headers say.
ResponseFiles check_response_files(Findings& findings, Partition partition);

/// "19,004 + 20,544": the vertices of each file.
std::string format_widths(const std::vector<int64_t>& widths);

/// The test responses must have the training responses' vertices.
void check_same_vertices(Findings& findings, const ResponseFiles& train, const ResponseFiles& test);

/// NaN, infinity, vertices that never change.
void check_response_values(Findings& findings, const ResponseFiles& responses, Partition partition);

/// Count, numbers and order of the pictures' names. Returns the pictures, in row order.
std::vector<std::filesystem::path> check_picture_names(Findings& findings,
                                                       Partition partition,
                                                       std::optional<int64_t> rows);

/// Decodes every picture: damaged files, sizes, colour modes. Returns a hash of each one's pixels, "" for a
/// damaged one.
std::vector<std::string> check_picture_content(Findings& findings,
                                               const std::vector<std::filesystem::path>& files,
                                               Partition partition);

/// Pictures that are shown in more than one row. `hashes` as check_picture_content returns them.
void check_repeated_pictures(Findings& findings, Partition partition, const std::vector<std::string>& hashes);

/// Pictures of the test split that are also in the training split.
void check_shared_pictures(Findings& findings,
                           const std::vector<std::string>& train,
                           const std::vector<std::string>& test);

/// Masks and mappings. `widths` as in ResponseFiles.
void check_rois(Findings& findings, const std::vector<int64_t>& widths);

/// One class of ROI; adds the regions that it defines.
void check_roi_class(Findings& findings,
                     const std::string& roi_class,
                     const std::vector<int64_t>& widths,
                     std::set<std::string>& defined);

/// `num_pictures` is the number of training rows, where it is known.
void check_latents(Findings& findings, std::optional<int64_t> num_pictures);

/// Whether these are the sizes of one of the eight subjects of the Algonauts 2023 challenge.
void check_known_size(Findings& findings, const ResponseFiles& train);

}  // namespace fmri2img::data
