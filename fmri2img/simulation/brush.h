#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "fmri2img/simulation/canvas.h"
#include "fmri2img/simulation/shapes.h"

namespace fmri2img::simulation {

/// Paints shapes in the coordinates of one thing: (0, 0) is its centre, -1 .. 1 its square.
class Brush {
 public:
  Brush(Canvas& canvas, Point centre, float scale, bool mirrored)
      : canvas_(canvas), centre_(centre), scale_(scale), direction_(mirrored ? -1.F : 1.F) {}

  template <class Shape> void fill(const Shape& shape, Colour colour) {
    blend(shape, [colour](float, float) { return colour; });
  }

  /// As if lit from above and the side.
  template <class Shape> void fill_lit(const Shape& shape, Colour colour) {
    blend(shape, [colour](float u, float v) {
      return clamp(colour * (1.08F - .22F * std::clamp(u, -1.F, 1.F) - .12F * std::clamp(v, -1.F, 1.F)));
    });
  }

  /// From now on, every shape is painted `width` (in canvas coordinates) larger and all of this colour: what things
  /// painted over it later leave of it is their rim.
  void paint_rims(Colour colour, float width) { rim_ = {colour, width / scale_}; }
  void end_rims() { rim_ = {}; }

  /// Mean light of what is in the thing's square now.
  float light() const {
    float sum = 0;
    int64_t count = 0;
    each_pixel([&](const Colour& pixel, float, float) {
      sum += luminance(pixel);
      ++count;
    });
    return count == 0 ? 0 : sum / static_cast<float>(count);
  }

  /// A soft shadow of the given darkness.
  template <class Shape> void shade(const Shape& shape, float darkness) {
    each_pixel([&](Colour& pixel, float u, float v) {
      pixel = pixel * (1 - darkness * coverage(shape(u, v), 2 * pixel_width()));
    });
  }

 private:
  static constexpr float kReach = 1.15F;  // nothing is painted further from the centre

  struct Rim {
    Colour colour;
    float width = 0;  // 0: the shapes themselves are painted
  };

  float pixel_width() const { return canvas_.pixel_width() / scale_; }

  int64_t index_of(float coordinate) const {
    const auto index = static_cast<int64_t>(std::floor((coordinate + 1) / canvas_.pixel_width()));
    return std::clamp(index, int64_t{0}, canvas_.side());
  }

  template <class Action> void each_pixel(const Action& action) const {
    const float reach = kReach * scale_;
    const int64_t last_row = index_of(centre_.y + reach + canvas_.pixel_width());
    const int64_t last_column = index_of(centre_.x + reach + canvas_.pixel_width());
    for (int64_t row = index_of(centre_.y - reach); row < last_row; ++row) {
      const float v = (canvas_.coordinate(row) - centre_.y) / scale_;
      for (int64_t column = index_of(centre_.x - reach); column < last_column; ++column) {
        action(canvas_.at(row, column), direction_ * (canvas_.coordinate(column) - centre_.x) / scale_, v);
      }
    }
  }

  template <class Shape, class Paint> void blend(const Shape& shape, const Paint& paint) {
    const float width = pixel_width();
    each_pixel([&](Colour& pixel, float u, float v) {
      const float share = coverage(shape(u, v) - rim_.width, width);
      if (share > 0) pixel = mix(pixel, rim_.width > 0 ? rim_.colour : paint(u, v), share);
    });
  }

  Canvas& canvas_;
  Point centre_;
  float scale_;
  float direction_;
  Rim rim_;
};

}  // namespace fmri2img::simulation
