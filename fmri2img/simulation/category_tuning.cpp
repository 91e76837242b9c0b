#include "fmri2img/simulation/category_tuning.h"

#include <cmath>

namespace fmri2img::simulation {
namespace {

// Weights of a vertex's own tuning beside an area's preferences, which are near 1.
constexpr float kKindTuning = 0.65F;
constexpr float kHueTuning = 0.27F;
constexpr float kPlaceTuning = 0.50F;

}  // namespace

CategoryTuning::CategoryTuning(const Area& area, RandomStream& random) {
  const float share = random.uniform(.6F, 1.4F);
  for (const Preference& preference : area.preferences) {
    weights_[static_cast<size_t>(preference.attribute)] = share * preference.strength;
  }
  size_t next = kNumAttributes;
  const auto tune = [&](size_t count, float strength) {
    const float scale = strength / std::sqrt(static_cast<float>(count));
    for (size_t i = 0; i < count; ++i) weights_[next++] = scale * random.normal();
  };
  tune(kKindNames.size(), kKindTuning);
  tune(kHueNames.size(), kHueTuning);
  tune(kPlaceNames.size(), kPlaceTuning);
}

float CategoryTuning::respond(const SceneFeatures& features) const {
  float sum = 0;
  for (size_t i = 0; i < kNumFeatures; ++i) sum += weights_[i] * features[i];
  return sum;
}

}  // namespace fmri2img::simulation
