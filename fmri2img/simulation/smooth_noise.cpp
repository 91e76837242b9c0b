#include "fmri2img/simulation/smooth_noise.h"

#include <algorithm>

namespace fmri2img::simulation {
namespace {

float smooth_step(float t) {
  return t * t * (3 - 2 * t);
}

}  // namespace

SmoothNoise::SmoothNoise(RandomStream& random, int cells)
    : cells_(cells), heights_(static_cast<size_t>((cells + 1) * (cells + 1))) {
  for (float& height : heights_) height = random.normal();
}

float SmoothNoise::at(float x, float y) const {
  const auto cells = static_cast<float>(cells_);
  const float across = std::clamp((x + 1) / 2 * cells, 0.F, cells);
  const float down = std::clamp((y + 1) / 2 * cells, 0.F, cells);
  const int column = std::min(static_cast<int>(across), cells_ - 1);
  const int row = std::min(static_cast<int>(down), cells_ - 1);
  const float right = smooth_step(across - static_cast<float>(column));
  const float below = smooth_step(down - static_cast<float>(row));
  const float upper = height(row, column) * (1 - right) + height(row, column + 1) * right;
  const float lower = height(row + 1, column) * (1 - right) + height(row + 1, column + 1) * right;
  return upper * (1 - below) + lower * below;
}

}  // namespace fmri2img::simulation
