#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "fmri2img/simulation/scene.h"

namespace fmri2img::simulation {

/// What category-selective regions respond to.
enum class Attribute : uint8_t {
  kFace,   ///< faces, less to cats and persons
  kBody,   ///< persons, less to animals
  kPlace,  ///< buildings, rooms and streets, less with a large thing in front
  kWord,   ///< signs
  kAnimal,
  kVehicle,
  kPlant,
  kSize,       ///< of the largest thing
  kRightward,  ///< where the front thing stands
  kDownward,
  kPair,      ///< two things
  kOpenness,  ///< wide places, and how much sky there is
};
inline constexpr size_t kNumAttributes = 12;

/// The attributes, then one number each for kinds, hues and places.
inline constexpr size_t kNumFeatures = kNumAttributes + kKindNames.size() + kHueNames.size() + kPlaceNames.size();
using SceneFeatures = std::array<float, kNumFeatures>;

/// A thing counts by its size; the one behind counts half.
SceneFeatures describe(const Scene& scene);

}  // namespace fmri2img::simulation
