#include "fmri2img/simulation/shapes.h"

#include <gtest/gtest.h>

#include "fmri2img/simulation/brush.h"

namespace fmri2img::simulation {
namespace {

constexpr float kTolerance = 1e-6F;

TEST(Shapes, AreSignedDistances) {
  EXPECT_NEAR(circle({1, 2}, 2)(1, 2), -2, kTolerance);
  EXPECT_NEAR(circle({1, 2}, 2)(4, 6), 3, kTolerance);  // 3-4-5 triangle
  EXPECT_NEAR(box(-1, 1, -2, 2)(4, 6), 5, kTolerance);
  EXPECT_NEAR(box(-1, 1, -2, 2)(0, 1.5F), -.5F, kTolerance);
  EXPECT_NEAR(box(-1, 1, -2, 2, .5F)(4, 6), std::sqrt(3.5F * 3.5F + 4.5F * 4.5F) - .5F, kTolerance);
  EXPECT_NEAR(segment({0, 0}, {4, 0}, 1)(2, 3), 2, kTolerance);
  EXPECT_NEAR(segment({0, 0}, {4, 0}, 1)(7, 4), 4, kTolerance);
  EXPECT_NEAR(ellipse({0, 0}, 3, 1)(3, 0), 0, kTolerance);
  EXPECT_NEAR(outline(circle({0, 0}, 2), .5F)(0, 0), 1.5F, kTolerance);
}

TEST(Shapes, TriangleHoldsItsInside) {
  const auto shape = triangle({0, -1}, {1, 1}, {-1, 1});
  EXPECT_LT(shape(0, 0), 0);
  EXPECT_NEAR(shape(0, 1.5F), .5F, kTolerance);
  EXPECT_GT(shape(.9F, -.9F), 0);
}

TEST(Brush, CoversPixelsByTheirShareOfTheShape) {
  Canvas canvas(4);  // pixels half a unit wide; their edges at -1, -.5, 0, .5, 1
  Brush(canvas, {0, 0}, 1, /*mirrored=*/false).fill(box(-2, .25F, -2, 2), {1, 1, 1});
  EXPECT_NEAR(canvas.at(0, 1).r, 1, kTolerance);
  EXPECT_NEAR(canvas.at(0, 2).r, .5F, kTolerance);
  EXPECT_NEAR(canvas.at(0, 3).r, 0, kTolerance);
}

TEST(Brush, MirrorsLeftAndRight) {
  Canvas canvas(4);
  Brush(canvas, {0, 0}, 1, /*mirrored=*/true).fill(box(-2, 0, -2, 2), {1, 1, 1});
  EXPECT_NEAR(canvas.at(0, 0).r, 0, kTolerance);
  EXPECT_NEAR(canvas.at(0, 3).r, 1, kTolerance);
}

}  // namespace
}  // namespace fmri2img::simulation
