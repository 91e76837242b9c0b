#include "fmri2img/simulation/receptive_field.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace fmri2img::simulation {
namespace {

constexpr ReceptiveField kFovea{.sigma_deg = .8F, .wavelength_deg = 1.6F, .colour = {1, .5F, -1}};

/// A retina whose lane 0 has this colour everywhere, the others grey.
Retina uniform(Colour colour) {
  Canvas canvas(Retina::kSide);
  for (int64_t row = 0; row < canvas.side(); ++row) {
    for (int64_t column = 0; column < canvas.side(); ++column) canvas.at(row, column) = colour;
  }
  return Retina({canvas});
}

/// A vertical grating through the whole field (changing from left to right), by its phase at fixation.
Retina grating(float wavelength_deg, float phase) {
  Canvas canvas(Retina::kSide);
  for (int64_t row = 0; row < canvas.side(); ++row) {
    for (int64_t column = 0; column < canvas.side(); ++column) {
      const float x_deg = canvas.coordinate(column) * kPictureRadius_deg;
      const float light = .5F + .5F * std::cos(2 * std::numbers::pi_v<float> * x_deg / wavelength_deg + phase);
      canvas.at(row, column) = {light, light, light};
    }
  }
  return Retina({canvas});
}

TEST(ReceptiveField, LiesInItsQuarterOfTheOppositeField) {
  struct Row {
    Field field;
    bool left;
    float x;
    float y;
  };
  for (const Row& row : {Row{Field::kUpperQuarter, true, 1, -1},
                         Row{Field::kUpperQuarter, false, -1, -1},
                         Row{Field::kLowerQuarter, true, 1, 1},
                         Row{Field::kLowerQuarter, false, -1, 1}}) {
    for (uint64_t i = 0; i < 200; ++i) {
      RandomStream random(1, Use::kVertex, i);
      const ReceptiveField field = ReceptiveField::draw({row.field, .5F, .1F}, row.left, random);
      EXPECT_GE(field.x_deg * row.x, 0);
      EXPECT_GE(field.y_deg * row.y, 0);
      EXPECT_LE(std::abs(field.x_deg), kPictureRadius_deg);
      EXPECT_LE(std::abs(field.y_deg), kPictureRadius_deg);
    }
  }
}

TEST(ReceptiveField, GrowsWithEccentricity) {
  for (uint64_t i = 0; i < 200; ++i) {
    RandomStream random(2, Use::kVertex, i);
    const ReceptiveField field = ReceptiveField::draw({Field::kHalf, .5F, .2F}, true, random);
    const float eccentricity = std::hypot(field.x_deg, field.y_deg);  // less than drawn where moved to the edge
    EXPECT_GE(field.sigma_deg, .8F * (.5F + .2F * eccentricity) - 1e-5F);
    EXPECT_LE(field.sigma_deg, 1.2F * (.5F + .2F * 6));
  }
}

TEST(ReceptiveFilter, GaborIsBlindToUniformLightAndColourIsLinear) {
  const VisualResponse response = ReceptiveFilter(kFovea).respond(uniform({1, .75F, .5F}));
  EXPECT_NEAR(response.energy[0], 0, 1e-4);
  EXPECT_NEAR(response.simple[0], 0, 1e-4);
  // The retina's values are 1, .5 and 0, the direction 1, .5 and -1.
  EXPECT_NEAR(response.colour[0], 1.25, 1e-4);
}

TEST(ReceptiveFilter, EnergyIgnoresThePhaseThatTheSimpleResponseFollows) {
  const ReceptiveFilter filter(kFovea);
  const VisualResponse in_phase = filter.respond(grating(1.6F, 0));
  const VisualResponse opposite = filter.respond(grating(1.6F, std::numbers::pi_v<float>));
  const VisualResponse between = filter.respond(grating(1.6F, std::numbers::pi_v<float> / 2));
  EXPECT_NEAR(opposite.energy[0], in_phase.energy[0], .02F * in_phase.energy[0]);
  EXPECT_NEAR(between.energy[0], in_phase.energy[0], .02F * in_phase.energy[0]);
  EXPECT_NEAR(in_phase.simple[0], in_phase.energy[0], .02F * in_phase.energy[0]);
  EXPECT_EQ(opposite.simple[0], 0);
}

TEST(ReceptiveFilter, PrefersItsOrientation) {
  ReceptiveField across = kFovea;
  across.orientation = std::numbers::pi_v<float> / 2;
  const Retina seen = grating(1.6F, 0);
  EXPECT_GT(ReceptiveFilter(kFovea).respond(seen).energy[0], 20 * ReceptiveFilter(across).respond(seen).energy[0]);
}

TEST(ReceptiveFilter, SeesItsPlaceOnly) {
  Canvas canvas(Retina::kSide);
  for (int64_t row = 0; row < canvas.side(); ++row) {
    for (int64_t column = 0; column < canvas.side() / 2; ++column) canvas.at(row, column) = {1, 1, 1};
  }
  const Retina seen({canvas});  // white on the left (1), black on the right (-1)
  ReceptiveField field{.x_deg = -3, .sigma_deg = .5F, .wavelength_deg = 1, .colour = {1, 0, 0}};
  EXPECT_NEAR(ReceptiveFilter(field).respond(seen).colour[0], 1, 1e-4);
  field.x_deg = 3;
  EXPECT_NEAR(ReceptiveFilter(field).respond(seen).colour[0], -1, 1e-4);
  field.x_deg = 0;
  EXPECT_NEAR(ReceptiveFilter(field).respond(seen).colour[0], 0, 1e-4);
}

}  // namespace
}  // namespace fmri2img::simulation
