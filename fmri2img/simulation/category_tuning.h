#pragma once

#include "fmri2img/simulation/areas.h"
#include "fmri2img/simulation/random_stream.h"
#include "fmri2img/simulation/scene_features.h"

namespace fmri2img::simulation {

/// How strongly one vertex responds to each feature of a scene: its area's preferences, more or less of them, and a
/// graded tuning of its own to kinds, hues and places.
class CategoryTuning {
 public:
  CategoryTuning(const Area& area, RandomStream& random);

  /// `features` standardised over scenes.
  float respond(const SceneFeatures& features) const;

 private:
  SceneFeatures weights_{};
};

}  // namespace fmri2img::simulation
