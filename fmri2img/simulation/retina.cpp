#include "fmri2img/simulation/retina.h"

#include "fmri2img/core/check.h"

namespace fmri2img::simulation {

Retina::Retina(const std::vector<Canvas>& pictures) {
  FMRI2IMG_ASSERT(pictures.size() <= kLanes);
  for (size_t level = 0; level < kLevels; ++level) {
    for (Plane& plane : levels_[level]) plane.assign(static_cast<size_t>(side(level) * side(level)), Lanes{});
  }
  for (size_t lane = 0; lane < pictures.size(); ++lane) {
    FMRI2IMG_ASSERT(pictures[lane].side() == kSide);
    const std::vector<Colour>& pixels = pictures[lane].pixels();
    for (size_t i = 0; i < pixels.size(); ++i) {
      levels_[0][0][i][lane] = 2 * pixels[i].r - 1;
      levels_[0][1][i][lane] = 2 * pixels[i].g - 1;
      levels_[0][2][i][lane] = 2 * pixels[i].b - 1;
    }
  }
  for (size_t level = 1; level < kLevels; ++level) halve(level);
}

void Retina::halve(size_t level) {
  for (size_t channel = 0; channel < 3; ++channel) {
    for (int64_t row = 0; row < side(level); ++row) {
      for (int64_t column = 0; column < side(level); ++column) {
        const auto from = [&](int64_t down, int64_t right) -> const Lanes& {
          return at(level - 1, channel, 2 * row + down, 2 * column + right);
        };
        Lanes& mean = levels_[level][channel][static_cast<size_t>(row * side(level) + column)];
        for (size_t lane = 0; lane < kLanes; ++lane) {
          mean[lane] = (from(0, 0)[lane] + from(0, 1)[lane] + from(1, 0)[lane] + from(1, 1)[lane]) / 4;
        }
      }
    }
  }
}

}  // namespace fmri2img::simulation
