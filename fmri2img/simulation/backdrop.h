#pragma once

#include <array>

#include "fmri2img/simulation/canvas.h"
#include "fmri2img/simulation/scene.h"
#include "fmri2img/simulation/smooth_noise.h"

namespace fmri2img::simulation {

/// The place of a scene: sky above the horizon, ground below it, and what belongs to the place.
class Backdrop {
 public:
  explicit Backdrop(const Scene& scene);

  /// Covers the whole canvas.
  void paint(Canvas& canvas) const;

 private:
  struct Building {
    float height;
    Colour colour;
  };

  Backdrop(const Scene& scene, RandomStream random);
  Colour sky(float x, float y, float width) const;
  Colour ground(float x, float y, float width) const;
  Colour behind(Colour sky, float x, float y, float width) const;
  Colour with_sun(Colour sky, float x, float y, float width) const;
  Colour with_hills(Colour sky, float x, float y, float width) const;
  Colour with_buildings(Colour sky, float x, float y, float width) const;
  Colour with_picture_on_the_wall(Colour wall, float x, float y, float width) const;

  Place place_;
  float horizon_, sky_exposure_, ground_exposure_;
  Colour tint_;
  Colour zenith_, skyline_, far_, near_, distant_;
  float grain_, clouds_;
  SmoothNoise coarse_, fine_;
  float phase_, frequency_;
  float sun_x_, sun_y_, sun_radius_;  // a radius of 0: no sun
  Colour sun_colour_;
  float frame_x_, frame_y_;
  Colour frame_colour_;
  std::array<Building, 8> buildings_{};
};

}  // namespace fmri2img::simulation
