#pragma once

#include <algorithm>
#include <cmath>

namespace fmri2img::simulation {

/// Shapes as signed distances: a function of (u, v) that is negative inside, zero on the edge, positive outside.
/// Source: the exact and bounding distance functions collected by I. Quilez, "2D distance functions".

struct Point {
  float x;
  float y;
};

inline auto circle(Point centre, float radius) {
  return [=](float u, float v) {
    return std::sqrt((u - centre.x) * (u - centre.x) + (v - centre.y) * (v - centre.y)) - radius;
  };
}

/// Exact on the edge; further away scaled by the smaller half axis.
inline auto ellipse(Point centre, float half_width, float half_height) {
  return [=](float u, float v) {
    const float x = (u - centre.x) / half_width;
    const float y = (v - centre.y) / half_height;
    return (std::sqrt(x * x + y * y) - 1) * std::min(half_width, half_height);
  };
}

inline auto box(float left, float right, float top, float bottom, float corner = 0) {
  return [=](float u, float v) {
    const float x = std::abs(u - (left + right) / 2) - ((right - left) / 2 - corner);
    const float y = std::abs(v - (top + bottom) / 2) - ((bottom - top) / 2 - corner);
    const float outside = std::sqrt(std::max(x, 0.F) * std::max(x, 0.F) + std::max(y, 0.F) * std::max(y, 0.F));
    return std::min(std::max(x, y), 0.F) + outside - corner;
  };
}

/// The side of the line from `a` to `b` that lies to its right on the screen (y downwards) is inside.
inline auto half_plane(Point a, Point b) {
  const float length = std::hypot(b.x - a.x, b.y - a.y);
  return [=](float u, float v) { return ((b.y - a.y) * (u - a.x) - (b.x - a.x) * (v - a.y)) / length; };
}

/// A line with round ends, `radius` thick on each side.
inline auto segment(Point a, Point b, float radius) {
  const float dx = b.x - a.x;
  const float dy = b.y - a.y;
  return [=](float u, float v) {
    const float t = std::clamp(((u - a.x) * dx + (v - a.y) * dy) / (dx * dx + dy * dy), 0.F, 1.F);
    const float x = u - a.x - t * dx;
    const float y = v - a.y - t * dy;
    return std::sqrt(x * x + y * y) - radius;
  };
}

template <class... Shapes> auto join(Shapes... shapes) {
  return [=](float u, float v) { return std::min({shapes(u, v)...}); };
}

template <class... Shapes> auto common(Shapes... shapes) {
  return [=](float u, float v) { return std::max({shapes(u, v)...}); };
}

/// Corners clockwise on the screen.
inline auto triangle(Point a, Point b, Point c) {
  return common(half_plane(a, b), half_plane(b, c), half_plane(c, a));
}

template <class Shape> auto outline(Shape shape, float half_width) {
  return [=](float u, float v) { return std::abs(shape(u, v)) - half_width; };
}

}  // namespace fmri2img::simulation
