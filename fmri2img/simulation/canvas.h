#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace fmri2img::simulation {

/// RGB, 0 .. 1.
struct Colour {
  float r = 0;
  float g = 0;
  float b = 0;
};

inline Colour operator*(Colour c, float f) {
  return {c.r * f, c.g * f, c.b * f};
}
inline Colour operator*(Colour a, Colour b) {
  return {a.r * b.r, a.g * b.g, a.b * b.b};
}
inline Colour operator+(Colour a, Colour b) {
  return {a.r + b.r, a.g + b.g, a.b + b.b};
}
inline Colour mix(Colour a, Colour b, float share_of_b) {
  return a * (1 - share_of_b) + b * share_of_b;
}
inline Colour clamp(Colour c) {
  return {std::clamp(c.r, 0.F, 1.F), std::clamp(c.g, 0.F, 1.F), std::clamp(c.b, 0.F, 1.F)};
}

/// As the eye weighs the channels (ITU-R BT.601).
inline float luminance(Colour c) {
  return .299F * c.r + .587F * c.g + .114F * c.b;
}

/// A square picture. Coordinates run from -1 to 1, x to the right and y downwards, whatever the number of pixels.
class Canvas {
 public:
  explicit Canvas(int64_t side) : side_(side), pixels_(static_cast<size_t>(side * side)) {}

  int64_t side() const { return side_; }
  float pixel_width() const { return 2 / static_cast<float>(side_); }

  /// The coordinate of the middle of row or column `i`.
  float coordinate(int64_t i) const { return (static_cast<float>(i) + 0.5F) * pixel_width() - 1; }

  Colour& at(int64_t row, int64_t column) { return pixels_[static_cast<size_t>(row * side_ + column)]; }
  const std::vector<Colour>& pixels() const { return pixels_; }

  void tint(Colour light) {
    for (Colour& pixel : pixels_) pixel = pixel * light;
  }

 private:
  int64_t side_;
  std::vector<Colour> pixels_;  // row by row
};

/// How much of a pixel lies inside an edge at signed distance `distance` (negative inside), for pixels `width` wide.
inline float coverage(float distance, float width) {
  return std::clamp(0.5F - distance / width, 0.F, 1.F);
}

}  // namespace fmri2img::simulation
