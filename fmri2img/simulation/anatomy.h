#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "fmri2img/simulation/areas.h"

namespace fmri2img::simulation {

/// Vertices of one hemisphere of fsaverage: the length of the `_fsaverage_space.npy` masks.
inline constexpr int64_t kFsaverageVertices = 163842;

/// Where a subject's vertices lie: the left hemisphere's first, area by area in the order of `areas()`.
class Anatomy {
 public:
  /// REQUIRES: both from 1 to kFsaverageVertices. Where there are few vertices, small areas have none.
  Anatomy(int64_t left, int64_t right);

  int64_t size() const { return static_cast<int64_t>(area_of_.size()); }
  int64_t left() const { return left_; }
  bool is_left(int64_t vertex) const { return vertex < left_; }
  const Area& area(int64_t vertex) const { return areas()[area_of_[static_cast<size_t>(vertex)]]; }

  /// Writes every file of `roi_masks`: the mappings, and of each hemisphere the masks in challenge and in fsaverage
  /// space. The challenge's vertices are spread evenly over fsaverage's.
  void write_roi_masks(const std::filesystem::path& folder) const;

 private:
  int64_t left_;
  std::vector<size_t> area_of_;
};

}  // namespace fmri2img::simulation
