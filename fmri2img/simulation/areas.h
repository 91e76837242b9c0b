#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "fmri2img/simulation/scene_features.h"

namespace fmri2img::simulation {

/// Which part of the visual field an area sees: always the half opposite to its hemisphere.
enum class Field : uint8_t { kUpperQuarter, kLowerQuarter, kHalf };

/// Sizes of an area's population receptive fields: standard deviation = size + growth x eccentricity, in degrees.
struct Retinotopy {
  Field field = Field::kHalf;
  float size_deg = 0;
  float growth = 0;
};

struct Preference {
  Attribute attribute;
  float strength;
};

/// A patch of cortex whose vertices are alike.
struct Area {
  std::vector<std::string_view> regions;  ///< the ROIs that it belongs to, at most one of a class
  double share;                           ///< of each hemisphere's vertices
  float retinotopic;                      ///< weight of receptive fields in its signal, 0 .. 1; the rest is tuning
  Retinotopy retinotopy;
  std::vector<Preference> preferences;
};

/// Every area; the shares add up to 1. Where the areas lie, what they prefer and how they overlap follows the brain;
/// their sizes are ours (doc/simulation.md).
const std::vector<Area>& areas();

/// One class of ROI files: `mapping_<name>.npy` and its masks.
struct RegionClass {
  std::string_view name;
  std::vector<std::string_view> regions;  ///< in the order of their codes 1, 2, ...

  /// The code of this class for an area; 0 where the area is in none of its regions.
  int64_t code(const Area& area) const;
};

/// The six classes of the Algonauts layout.
const std::vector<RegionClass>& region_classes();

}  // namespace fmri2img::simulation
