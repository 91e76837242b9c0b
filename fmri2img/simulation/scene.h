#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "fmri2img/simulation/canvas.h"

namespace fmri2img::simulation {

enum class Kind : uint8_t { kHouse, kTree, kCar, kBall, kFish, kCat, kPerson, kFace, kBoat, kFlower, kTrain, kSign };
enum class Hue : uint8_t { kRed, kOrange, kYellow, kGreen, kBlue, kPurple, kWhite, kBrown };
enum class Place : uint8_t { kGrass, kBeach, kSnow, kNight, kRoom, kStreet, kSea };
enum class Size : uint8_t { kSmall, kMedium, kLarge };

/// What the things are called, in the order of the enumerations.
inline constexpr std::array<std::string_view, 12> kKindNames = {
    "house", "tree", "car", "ball", "fish", "cat", "person", "face", "boat", "flower", "train", "sign"};
inline constexpr std::array<std::string_view, 8> kHueNames = {
    "red", "orange", "yellow", "green", "blue", "purple", "white", "brown"};
inline constexpr std::array<std::string_view, 7> kPlaceNames = {
    "grass", "beach", "snow", "night", "room", "street", "sea"};
inline constexpr std::array<std::string_view, 3> kSizeNames = {"small", "medium", "large"};

/// A member's entry in a list in the order of its enumeration.
template <class Enum, size_t kCount>
constexpr std::string_view name_of(Enum member, const std::array<std::string_view, kCount>& names) {
  return names[static_cast<size_t>(member)];
}

/// One thing in a scene. It fills the square of half width `scale` around its centre.
struct Thing {
  Kind kind = Kind::kHouse;
  Hue hue = Hue::kRed;
  Size size = Size::kMedium;
  float x = 0;
  float y = 0;
  float scale = 0.5F;
  bool mirrored = false;
  Colour colour;           ///< the hue as this thing has it
  uint64_t variation = 0;  ///< seed of its details: letters, skin, branches
};

/// What there is to be seen in a picture, before it is drawn; in canvas coordinates.
struct Scene {
  Place place = Place::kGrass;
  float horizon = 0;       ///< below -1: no sky; above 1: no ground
  float sky_exposure = 1;  ///< independent brightness above and below the horizon
  float ground_exposure = 1;
  Colour tint{1, 1, 1};       ///< of the light
  uint64_t texture = 0;       ///< seed of clouds, hills, buildings, grain
  std::vector<Thing> things;  ///< one or two, the further one first
};

/// The scene with number `index` among those of `seed`: places, kinds, hues and sizes independent of each other (but
/// half of the boats are at sea), horizon anywhere, a second thing in 45 %. Depends on its two arguments alone.
Scene make_scene(uint64_t seed, int64_t index);

}  // namespace fmri2img::simulation
