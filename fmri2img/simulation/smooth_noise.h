#pragma once

#include <cstddef>
#include <vector>

#include "fmri2img/simulation/random_stream.h"

namespace fmri2img::simulation {

/// A random landscape over the canvas: standard normal heights on a grid of cells, smoothly joined between. The same
/// for every number of pixels.
class SmoothNoise {
 public:
  /// `cells` across and down.
  SmoothNoise(RandomStream& random, int cells);

  /// x and y in canvas coordinates.
  float at(float x, float y) const;

 private:
  float height(int row, int column) const {
    return heights_[static_cast<size_t>(row) * static_cast<size_t>(cells_ + 1) + static_cast<size_t>(column)];
  }

  int cells_;
  std::vector<float> heights_;
};

}  // namespace fmri2img::simulation
