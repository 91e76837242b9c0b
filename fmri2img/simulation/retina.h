#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "fmri2img/simulation/canvas.h"

namespace fmri2img::simulation {

/// Pictures are seen in blocks of this many at a time: one lane each.
inline constexpr size_t kLanes = 32;
using Lanes = std::array<float, kLanes>;

/// What the simulated brain sees: a block of pictures, 64 x 64, and again at half the resolution for large receptive
/// fields. Red, green and blue from -1 to 1.
class Retina {
 public:
  static constexpr int64_t kSide = 64;
  static constexpr size_t kLevels = 2;

  static int64_t side(size_t level) { return kSide >> level; }

  /// REQUIRES: at most kLanes pictures of kSide. Lanes without a picture are grey.
  explicit Retina(const std::vector<Canvas>& pictures);

  /// REQUIRES: channel 0 .. 2 for red, green and blue.
  const Lanes& at(size_t level, size_t channel, int64_t row, int64_t column) const {
    return levels_[level][channel][static_cast<size_t>(row * side(level) + column)];
  }

 private:
  using Plane = std::vector<Lanes>;
  void halve(size_t level);

  std::array<std::array<Plane, 3>, kLevels> levels_;
};

}  // namespace fmri2img::simulation
