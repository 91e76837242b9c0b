#pragma once

#include <cstdint>
#include <vector>

#include "fmri2img/simulation/areas.h"
#include "fmri2img/simulation/random_stream.h"
#include "fmri2img/simulation/retina.h"

namespace fmri2img::simulation {

/// Half the width of the pictures in degrees of visual angle: NSD's are 8.4 degrees wide, fixated in the middle.
inline constexpr float kPictureRadius_deg = 4.2F;

/// Where one vertex looks and what it looks for.
struct ReceptiveField {
  float x_deg = 0;  ///< to the right of fixation
  float y_deg = 0;  ///< below fixation
  float sigma_deg = 1;
  float orientation = 0;  ///< of the grating's change, in radians
  float wavelength_deg = 1;
  float phase = 0;
  Colour colour;  ///< the direction in colour space of its linear response

  /// A random member of an area. Eccentricity as cortical magnification has it: the distance along the cortex,
  /// ln(1 + e / 0.75 deg) (Horton and Hoyt 1991), is uniform from fixation to the corners; so is the polar angle. A
  /// centre outside of the picture is moved to its edge.
  static ReceptiveField draw(const Retinotopy& retinotopy, bool left_hemisphere, RandomStream& random);
};

/// What a receptive field says to a block of pictures.
struct VisualResponse {
  Lanes energy;  ///< root of the Gabor energy: contrast at its orientation, whatever the phase (a complex cell)
  Lanes simple;  ///< the half-rectified Gabor response: contrast of its phase (a simple cell)
  Lanes colour;  ///< the Gaussian mean of its direction in colour space: linear
};

/// The weights of one receptive field on the pixels that it covers, out to 2.5 sigma.
class ReceptiveFilter {
 public:
  explicit ReceptiveFilter(const ReceptiveField& field);

  VisualResponse respond(const Retina& retina) const;

 private:
  struct Weight {
    float mean;  // the Gaussian, sum 1
    float even;  // the Gabor at its phase and a quarter later, both blind to uniform light
    float odd;
  };
  void make_blind_to_uniform_light();

  Colour colour_;
  size_t level_;  // of the retina
  int64_t top_, left_, height_, width_;
  std::vector<Weight> weights_;  // row by row
};

}  // namespace fmri2img::simulation
