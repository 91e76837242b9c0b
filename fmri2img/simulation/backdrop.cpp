#include "fmri2img/simulation/backdrop.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "fmri2img/simulation/look.h"
#include "fmri2img/simulation/random_stream.h"
#include "fmri2img/simulation/shapes.h"

namespace fmri2img::simulation {
namespace {

constexpr Colour kStar{.48F, .48F, .43F};
constexpr float kPi = std::numbers::pi_v<float>;

/// Mostly in brightness, so that grass stays green.
Colour vary_colour(Colour colour, float by, RandomStream& random) {
  const float all = random.uniform(-by, by);
  const float r = random.uniform(-by, by) / 2;
  const float g = random.uniform(-by, by) / 2;
  const float b = random.uniform(-by, by) / 2;
  return clamp(colour + Colour{all + r, all + g, all + b});
}

}  // namespace

Backdrop::Backdrop(const Scene& scene) : Backdrop(scene, RandomStream(scene.texture, Use::kTexture, 0)) {}

Backdrop::Backdrop(const Scene& scene, RandomStream random)
    : place_(scene.place),
      horizon_(scene.horizon),
      sky_exposure_(scene.sky_exposure),
      ground_exposure_(scene.ground_exposure),
      tint_(scene.tint),
      grain_(look_of(place_).grain),
      clouds_(look_of(place_).clouds),
      coarse_(random, 7),
      fine_(random, 28),
      phase_(random.uniform(0, 2 * kPi)),
      frequency_(random.uniform(2, 5)) {
  const Look& look = look_of(place_);
  zenith_ = vary_colour(look.zenith, look.variation, random);
  skyline_ = vary_colour(look.skyline, look.variation, random);
  distant_ = vary_colour(look.distant, look.variation, random);
  far_ = vary_colour(look.far, look.variation, random);
  near_ = vary_colour(look.near, look.variation, random);
  sun_colour_ = look.sun;
  sun_x_ = random.uniform(-.8F, .8F);
  sun_y_ = random.uniform(-.95F, -.45F);
  sun_radius_ = random.chance(look.sun_chance) ? random.uniform(.1F, .17F) : 0;
  frame_x_ = random.uniform(-.65F, .55F);
  frame_y_ = random.uniform(-.6F, -.4F);
  frame_colour_ = vary_colour({.5F, .5F, .5F}, .25F, random);
  for (Building& building : buildings_) {
    building.height = random.uniform(.15F, .85F);
    building.colour = vary_colour({.47F, .47F, .47F}, .1F, random);
  }
}

void Backdrop::paint(Canvas& canvas) const {
  const float width = canvas.pixel_width();
  for (int64_t row = 0; row < canvas.side(); ++row) {
    const float y = canvas.coordinate(row);
    const float below = coverage(horizon_ - y, width);
    for (int64_t column = 0; column < canvas.side(); ++column) {
      const float x = canvas.coordinate(column);
      Colour colour;
      if (below < 1) colour = sky(x, y, width) * (sky_exposure_ * (1 - below));
      if (below > 0) colour = colour + ground(x, y, width) * (ground_exposure_ * below);
      canvas.at(row, column) = clamp(colour * tint_);
    }
  }
}

Colour Backdrop::sky(float x, float y, float width) const {
  const float t = std::clamp((y + 1) / std::max(horizon_ + 1, .01F), 0.F, 1.F);
  return behind(mix(zenith_, skyline_, t), x, y, width);
}

Colour Backdrop::behind(Colour colour, float x, float y, float width) const {
  switch (place_) {
    case Place::kRoom:
      return with_picture_on_the_wall(colour, x, y, width);
    case Place::kStreet:
      return with_buildings(colour, x, y, width);
    case Place::kNight:
      if (fine_.at(x, y) > 2.1F) colour = colour + kStar;
      return with_sun(colour, x, y, width);
    case Place::kSnow:
      return with_hills(colour, x, y, width);
    default:
      break;
  }
  colour = with_sun(colour, x, y, width);
  colour = mix(colour, {1, 1, 1}, std::clamp(coarse_.at(x, y) - .4F, 0.F, 1.F) * clouds_);
  if (place_ == Place::kGrass) return with_hills(colour, x, y, width);
  if (place_ == Place::kBeach) return mix(colour, distant_, coverage(horizon_ - .3F - y, width));
  return colour;
}

Colour Backdrop::with_sun(Colour colour, float x, float y, float width) const {
  if (sun_radius_ == 0) return colour;
  return mix(colour, sun_colour_, coverage(circle({sun_x_, sun_y_}, sun_radius_)(x, y), width));
}

Colour Backdrop::with_hills(Colour colour, float x, float y, float width) const {
  const float hill =
      horizon_ - .12F - .1F * std::sin(x * frequency_ + phase_) - .05F * std::sin(x * frequency_ * 2.3F + 2 * phase_);
  return mix(colour, distant_, coverage(hill - y, width));
}

Colour Backdrop::with_buildings(Colour colour, float x, float y, float width) const {
  const auto count = static_cast<float>(buildings_.size());
  const float across = std::clamp((x + 1) / 2 * count, 0.F, count - .001F);
  const Building& building = buildings_[static_cast<size_t>(across)];
  const bool window = std::sin(across * 4 * kPi) > .2F && std::sin(y * 38) > .3F;
  const Colour wall = window ? building.colour + Colour{.25F, .23F, .1F} : building.colour;
  return mix(colour, wall, coverage(horizon_ - building.height - y, width));
}

Colour Backdrop::with_picture_on_the_wall(Colour colour, float x, float y, float width) const {
  const auto frame = box(frame_x_ - .25F, frame_x_ + .25F, frame_y_ - .22F, frame_y_ + .22F);
  const float distance = frame(x, y);
  colour = mix(colour, distant_, coverage(distance, width));
  return mix(colour, frame_colour_, coverage(distance + .06F, width));
}

Colour Backdrop::ground(float x, float y, float width) const {
  const float t = std::clamp((y - horizon_) / std::max(1 - horizon_, .01F), 0.F, 1.F);
  Colour colour = mix(far_, near_, t);
  float grain = grain_ * (fine_.at(x, y) + .5F * coarse_.at(x, y));
  if (place_ == Place::kSea)
    grain += .05F * std::sin(y * (25 + 5 * frequency_) * (1.4F - .6F * t) + 2 * coarse_.at(x, y));
  if (place_ == Place::kRoom && std::sin(x / (.6F + t) * 22) > .9F) grain -= .06F;  // between the planks
  colour = clamp(colour + Colour{grain, grain, grain});
  const float mark = place_ == Place::kStreet && std::sin(x * 14 + phase_) > 0 ? 1.F : 0.F;  // a lane's broken line
  return mix(colour, {.85F, .85F, .85F}, mark * coverage(std::abs(t - .55F) - .04F, width));
}

}  // namespace fmri2img::simulation
