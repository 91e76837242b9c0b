#pragma once

#include "fmri2img/simulation/canvas.h"
#include "fmri2img/simulation/scene.h"

namespace fmri2img::simulation {

/// A place's colours before this scene's variation.
struct Look {
  Colour zenith;    ///< top of the sky
  Colour skyline;   ///< the sky at the horizon
  Colour distant;   ///< hills, or a strip of sea
  Colour far;       ///< the ground at the horizon
  Colour near;      ///< the ground at the viewer's feet
  float variation;  ///< of every colour, as a half range
  float grain;      ///< contrast of the ground's texture
  float clouds;     ///< their density
  float sun_chance;
  Colour sun;
};

const Look& look_of(Place place);

}  // namespace fmri2img::simulation
