#pragma once

#include <ATen/ATen.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "fmri2img/core/random.h"
#include "fmri2img/data/layout.h"
#include "fmri2img/data/roi_files.h"
#include "fmri2img/io/image.h"
#include "fmri2img/io/npy.h"
#include "tests/support/reference_data.h"

namespace fmri2img::testing {

/// Sizes of `make_subject`: every ROI of the layout gets one vertex of each hemisphere, the last vertices none.
inline constexpr int64_t kLeftVertices = 10;
inline constexpr int64_t kRightVertices = 8;
inline constexpr int64_t kTrainRows = 12;
inline constexpr int64_t kTestRows = 3;

inline at::Tensor made_responses(int64_t rows, int64_t vertices, uint64_t seed) {
  return at::randn({rows, vertices}, make_generator(seed), at::TensorOptions().dtype(at::kFloat));
}

inline at::Tensor made_picture(uint64_t seed, int64_t height = 6, int64_t width = 6) {
  return at::randint(0, 256, {height, width, 3}, make_generator(seed), at::TensorOptions().dtype(at::kByte));
}

/// The pictures of one partition; NSD numbers ascend with the rows.
inline void make_pictures(const std::filesystem::path& subject, data::Partition partition, int64_t rows) {
  const std::filesystem::path folder = data::pictures_folder(subject, partition);
  std::filesystem::create_directories(folder);
  const uint64_t first = partition == data::Partition::kTrain ? 100 : 500;
  for (int64_t row = 0; row < rows; ++row) {
    const auto seed = first + static_cast<uint64_t>(row);
    io::write_png(folder / data::picture_file_name(partition, row, 13 + 7 * row), made_picture(seed));
  }
}

/// Mappings as NumPy writes them, and masks in which vertex i has code i + 1 as far as there are codes.
inline void make_rois(const std::filesystem::path& subject) {
  const std::filesystem::path folder = data::roi_folder(subject);
  std::filesystem::create_directories(folder);
  for (const std::string& name : data::roi_classes(test_data("subject/roi_masks"))) {
    const std::filesystem::path mapping = data::roi_mapping_file(folder, name);
    std::filesystem::copy_file(data::roi_mapping_file(test_data("subject/roi_masks"), name), mapping);
    const int64_t codes = name == "prf-visualrois" || name == "streams" ? 7
                          : name == "floc-places"                       ? 3
                          : name == "floc-bodies"                       ? 4
                                                                        : 5;
    for (const auto& [side, vertices] : {std::pair{"lh.", kLeftVertices}, std::pair{"rh.", kRightVertices}}) {
      const at::Tensor code = at::arange(1, vertices + 1, at::kLong);
      io::write_npy(folder / (side + name + "_challenge_space.npy"), code.masked_fill(code > codes, 0));
    }
  }
}

/// A small, faultless subject as the Algonauts challenge gives it: both hemispheres, ROI, test pictures without
/// responses.
inline void make_subject(const std::filesystem::path& subject) {
  const std::vector<std::filesystem::path> files = data::hemisphere_files(subject, data::Partition::kTrain);
  std::filesystem::create_directories(files[0].parent_path());
  io::write_npy(files[0], made_responses(kTrainRows, kLeftVertices, 1));
  io::write_npy(files[1], made_responses(kTrainRows, kRightVertices, 2));
  make_pictures(subject, data::Partition::kTrain, kTrainRows);
  make_pictures(subject, data::Partition::kTest, kTestRows);
  make_rois(subject);
}

/// A .npy file of zeros that takes no room on the disk, whatever its shape.
inline void write_sparse_npy(const std::filesystem::path& path, const std::vector<int64_t>& shape) {
  const std::string header = io::format_npy_header(at::kFloat, shape);
  std::ofstream(path, std::ios::binary) << header;
  uintmax_t bytes = sizeof(float);
  for (const int64_t size : shape) bytes *= static_cast<uintmax_t>(size);
  std::filesystem::resize_file(path, header.size() + bytes);
}

}  // namespace fmri2img::testing
